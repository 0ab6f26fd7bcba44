package org.acme.session.internal.store;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.acme.session.contract.Keys;
import org.acme.session.contract.UserEntry;

/** Looks through the users who have signed in lately, a thousand at a time: Redis stays free for others in between. */
@Singleton
public class UserDirectory {

    private static final String AT_A_TIME = "1000";
    private static final String DONE = "0";

    private final RedisGateway redis;

    UserDirectory(RedisGateway redis) {
        this.redis = redis;
    }

    /** All entries in which the text stands, and others; some may come twice. Asks as long as somebody listens. */
    public Multi<UserEntry> candidates(AnyCase text) {
        String pattern = text.pattern();
        return Multi.createBy()
                .repeating()
                .uni(Cursor::new, cursor -> next(cursor, pattern))
                .until(List::isEmpty)
                .onItem()
                .transformToIterable(page -> page)
                .select()
                .where(Optional::isPresent)
                .map(Optional::get);
    }

    private static final class Cursor {
        private String at = DONE;
        private boolean began;
    }

    /** A page of entries; never empty until the last page has been. */
    private Uni<List<Optional<UserEntry>>> next(Cursor cursor, String pattern) {
        if (cursor.began && cursor.at.equals(DONE)) {
            return Uni.createFrom().item(List.of());
        }
        cursor.began = true;
        return redis.send(Command.ZSCAN, Keys.USERS, cursor.at, "MATCH", pattern, "COUNT", AT_A_TIME)
                .map(answer -> {
                    cursor.at = answer.get(0).toString();
                    List<Optional<UserEntry>> page = new ArrayList<>(List.of(Optional.empty()));
                    Response members = answer.get(1);
                    for (int i = 0; i < members.size(); i += 2) {
                        page.add(UserEntry.read(members.get(i).toString()));
                    }
                    return page;
                });
    }
}
