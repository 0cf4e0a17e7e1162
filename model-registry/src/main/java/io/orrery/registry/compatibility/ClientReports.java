package io.orrery.registry.compatibility;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The rows of the reports: the last one of each version of a client. */
@Component
class ClientReports {
    /** Clients are few; more rows than this is somebody's mistake, and the oldest are not told. */
    private static final int MOST = 200;

    record Dated(Instant at, ClientReport report) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;

    ClientReports(JdbcClient jdbc, JsonMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    /** Takes the place of what the same version reported before. */
    void put(ClientReport report) {
        jdbc.sql("""
            insert into client_report (client, version, at, cases) values (:client, :version, :at, cast(:cases as jsonb))
            on conflict (client, version) do update set at = excluded.at, cases = excluded.cases\
            """)
                .param("client", report.client())
                .param("version", report.version())
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .param("cases", json.writeValueAsString(report.cases()))
                .update();
    }

    /** Newest first. */
    List<Dated> all() {
        return jdbc.sql("select * from client_report order by at desc, client, version limit :most")
                .param("most", MOST)
                .query((row, number) -> dated(row))
                .list();
    }

    private Dated dated(ResultSet row) throws SQLException {
        ClientReport.Case[] cases = json.readValue(row.getString("cases"), ClientReport.Case[].class);
        return new Dated(
                row.getObject("at", OffsetDateTime.class).toInstant(),
                new ClientReport(row.getString("client"), row.getString("version"), List.of(cases)));
    }
}
