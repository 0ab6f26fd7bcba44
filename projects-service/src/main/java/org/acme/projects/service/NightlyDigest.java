package org.acme.projects.service;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Request;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * Counts once a day what is archived, and whose owner is gone. Every instance wakes up; the one that writes the day's key
 * first does the work. Nobody calls, so the directory is asked on this service's own behalf.
 */
@Singleton
class NightlyDigest {

    private static final Logger LOG = Logger.getLogger(NightlyDigest.class);

    /** The day's key is gone when nobody can wake up for that day any more. */
    private static final Duration KEPT = Duration.ofDays(2);

    private final ProjectStore projects;
    private final StoreGateway store;
    private final Directory directory;
    private final Clock clock;

    NightlyDigest(ProjectStore projects, StoreGateway store, Directory directory, Clock clock) {
        this.projects = projects;
        this.store = store;
        this.directory = directory;
        this.clock = clock;
    }

    /** A night that fails is logged and left out: the next one counts everything again. */
    @Scheduled(cron = "{digest.cron}")
    Uni<Void> run() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return isMine(today)
                .chain(mine -> mine
                        ? count(today).invoke(NightlyDigest::tell)
                        : Uni.createFrom().nullItem())
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> LOG.warnf("No digest of %s: %s", today, failure.toString()))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Boolean> isMine(LocalDate day) {
        return store.bounded(store.ask(Request.cmd(Command.SET)
                        .arg(ProjectKeys.digestOf(day))
                        .arg("1")
                        .arg("NX")
                        .arg("EX")
                        .arg(KEPT.toSeconds())))
                .map(answer -> answer != null);
    }

    Uni<Digest> count(LocalDate day) {
        return countFrom(new Digest(day, 0, 0), OptionalLong.empty());
    }

    /** A page of projects after the other: never all of them in memory. */
    private Uni<Digest> countFrom(Digest so, OptionalLong before) {
        return projects.list(new Person("", ""), Selection.ALL, before).chain(page -> {
            List<Person> owners = page.projects().stream()
                    .filter(Project::archived)
                    .map(Project::owner)
                    .toList();
            return directory
                    .namesForUs(owners)
                    .map(known -> so.and(owners, known))
                    .chain(more -> page.continuesBefore().isPresent()
                            ? countFrom(more, page.continuesBefore())
                            : Uni.createFrom().item(more));
        });
    }

    private static void tell(Digest digest) {
        LOG.infof(
                "%d projects are archived; the owners of %s are gone",
                digest.archived(),
                digest.orphaned() == Digest.UNKNOWN ? "an unknown number of them" : digest.orphaned());
    }
}
