package io.orrery.registry.lfs;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.wire.Caller;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Which contents a repository was given. Only those may be committed to it: to know a hash is no right to a content. */
@Service
public class LfsObjects {
    /** Repositories that are looked into for a content that the asked one was not given. */
    private static final int OTHERS = 100;

    private record Given(long repoId, Sha256 sha256, long size) {}

    private final JdbcClient jdbc;
    private final Repos repos;
    private final Clock clock;

    LfsObjects(JdbcClient jdbc, Repos repos, Clock clock) {
        this.jdbc = jdbc;
        this.repos = repos;
        this.clock = clock;
    }

    /** The sizes of those contents that the repository was given. */
    public Map<Sha256, Long> sizes(Repo repo, Collection<Sha256> contents) {
        Map<Sha256, Long> sizes = new HashMap<>();
        if (!contents.isEmpty()) {
            jdbc.sql("select sha256, size from lfs_object where repo_id = :repo and sha256 = any(:hashes::text[])")
                    .param("repo", repo.id())
                    .param("hashes", Sha256.hex(contents))
                    .query(row -> {
                        sizes.put(new Sha256(row.getString("sha256")), row.getLong("size"));
                    });
        }
        return sizes;
    }

    /**
     * The sizes of those contents that the caller may commit: what the repository was given, and what stands in another that the caller may
     * read, which is given to this one thereby.
     */
    public Map<Sha256, Long> committable(Repo repo, Caller caller, Collection<Sha256> contents) {
        touch(repo, contents);
        Map<Sha256, Long> sizes = sizes(repo, contents);
        List<Sha256> unknown =
                contents.stream().filter(sha256 -> !sizes.containsKey(sha256)).toList();
        if (!unknown.isEmpty()) {
            Map<Sha256, Long> elsewhere = readable(caller, unknown);
            add(repo.id(), elsewhere, caller.name());
            sizes.putAll(elsewhere);
        }
        return sizes;
    }

    boolean isGiven(long repoId, Sha256 sha256) {
        return jdbc.sql("select exists(select 1 from lfs_object where repo_id = :repo and sha256 = :sha256)")
                .param("repo", repoId)
                .param("sha256", sha256.hex())
                .query(Boolean.class)
                .single();
    }

    /** Keeps contents that the repository was given, and that somebody counts on, from being collected. */
    void touch(Repo repo, Collection<Sha256> contents) {
        if (!contents.isEmpty()) {
            jdbc.sql("""
                with counted as (select sha256 from lfs_object
                                 where repo_id = :repo and sha256 = any(:hashes::text[]) order by sha256 for update)
                update lfs_object object set touched_at = clock_timestamp() from counted
                where object.repo_id = :repo and object.sha256 = counted.sha256\
                """)
                    .param("repo", repo.id())
                    .param("hashes", Sha256.hex(contents))
                    .update();
        }
    }

    private Map<Sha256, Long> readable(Caller caller, List<Sha256> contents) {
        List<Given> given = jdbc.sql("""
            select h.sha256, o.repo_id, o.size from unnest(:hashes::text[]) as h (sha256)
            cross join lateral (select repo_id, size from lfs_object where lfs_object.sha256 = h.sha256
                                order by repo_id desc limit :others) o\
            """)
                .param("hashes", Sha256.hex(contents))
                .param("others", OTHERS)
                .query((row, number) ->
                        new Given(row.getLong("repo_id"), new Sha256(row.getString("sha256")), row.getLong("size")))
                .list();
        Set<Long> readable = repos.readable(given.stream().map(Given::repoId).collect(Collectors.toSet()), caller);
        return given.stream()
                .filter(one -> readable.contains(one.repoId()))
                .collect(Collectors.toMap(Given::sha256, Given::size, (size, same) -> size));
    }

    /** Notes that a repository was given a content; tells whether there was such a repository. */
    public boolean add(long repoId, Sha256 sha256, long size, String uploadedBy) {
        return add(repoId, Map.of(sha256, size), uploadedBy);
    }

    /** Notes that a repository was given contents that it shares with another. */
    @Transactional
    public void give(Repo repo, Map<Sha256, Long> sizes, String by) {
        add(repo.id(), sizes, by);
    }

    /** Notes that a repository has contents no more; whether any other has them is another matter. */
    @Transactional
    public void remove(Repo repo, Collection<Sha256> contents) {
        jdbc.sql("delete from lfs_object where repo_id = :repo and sha256 = any(:hashes::text[])")
                .param("repo", repo.id())
                .param("hashes", Sha256.hex(contents))
                .update();
    }

    /** Notes that a repository was given contents; tells whether there was such a repository. */
    private boolean add(long repoId, Map<Sha256, Long> contents, String uploadedBy) {
        if (contents.isEmpty()) {
            return true;
        }
        List<Sha256> order = new ArrayList<>(contents.keySet());
        order.sort((a, b) -> a.hex().compareTo(b.hex()));
        return jdbc.sql("""
            insert into lfs_object (repo_id, sha256, size, uploaded_by, uploaded_at)
            select repo.id, given.sha256, given.size, :by, :at
            from repo, unnest(:hashes::text[], :sizes::bigint[]) as given (sha256, size) where repo.id = :repo
            on conflict (repo_id, sha256) do update set uploaded_at = excluded.uploaded_at,
                touched_at = clock_timestamp()\
            """)
                        .param("repo", repoId)
                        .param("hashes", Sha256.hex(order))
                        .param("sizes", order.stream().map(contents::get).toArray(Long[]::new))
                        .param("by", uploadedBy)
                        .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                        .update()
                > 0;
    }
}
