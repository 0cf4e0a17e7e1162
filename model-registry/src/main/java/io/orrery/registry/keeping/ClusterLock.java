package io.orrery.registry.keeping;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.support.JdbcUtils;

/** A lock that one of all processes on the database holds, on a connection of its own; when the process dies, it is free. */
final class ClusterLock implements AutoCloseable {
    private final Connection connection;
    private final long number;

    private ClusterLock(Connection connection, long number) {
        this.connection = connection;
        this.number = number;
    }

    /**
     * Empty where somebody holds it.
     *
     * @param number arbitrary, and this lock's alone
     */
    static Optional<ClusterLock> tryLock(DataSource source, long number) {
        Connection connection = null;
        boolean isOurs = false;
        try {
            connection = source.getConnection();
            isOurs = ask(connection, "select pg_try_advisory_lock(?)", number);
            return isOurs ? Optional.of(new ClusterLock(connection, number)) : Optional.empty();
        } catch (SQLException e) {
            throw new TransientDataAccessResourceException("the database gave no lock", e);
        } finally {
            if (!isOurs) {
                JdbcUtils.closeConnection(connection);
            }
        }
    }

    private static boolean ask(Connection connection, String question, long number) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setLong(1, number);
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }

    @Override
    public void close() {
        try {
            ask(connection, "select pg_advisory_unlock(?)", number);
        } catch (SQLException e) {
            throw new TransientDataAccessResourceException("the database took a lock not back", e);
        } finally {
            JdbcUtils.closeConnection(connection);
        }
    }
}
