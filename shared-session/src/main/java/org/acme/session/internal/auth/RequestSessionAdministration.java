package org.acme.session.internal.auth;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.RequestScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.acme.session.KnownUser;
import org.acme.session.SessionAdministration;
import org.acme.session.UserSession;
import org.acme.session.contract.SessionSummary;
import org.acme.session.contract.UserEntry;
import org.acme.session.internal.lifecycle.SessionList;
import org.acme.session.internal.lifecycle.UserSignOff;
import org.acme.session.internal.store.AnyCase;
import org.acme.session.internal.store.UserDirectory;
import org.acme.session.spi.SessionEnded.Actor;

/** The sessions of all users, as the request's administrator sees them. */
@RequestScoped
class RequestSessionAdministration implements SessionAdministration {

    private static final int MOST_FOUND = 50;
    private static final int LONGEST_TEXT = 200;
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");

    private final Viewer viewer;
    private final UserDirectory users;
    private final SessionList sessions;
    private final UserSignOff signOff;

    RequestSessionAdministration(Viewer viewer, UserDirectory users, SessionList sessions, UserSignOff signOff) {
        this.viewer = viewer;
        this.users = users;
        this.sessions = sessions;
        this.signOff = signOff;
    }

    @Override
    public Uni<List<KnownUser>> find(String text) {
        String wanted = text.strip();
        if (wanted.isEmpty() || wanted.length() > LONGEST_TEXT) {
            return Uni.createFrom().item(List.of());
        }
        AnyCase name = AnyCase.of(wanted);
        return users.candidates(name)
                .select()
                .where(user -> user.subject().equals(wanted) || name.isIn(user.name()))
                .select()
                .distinct(UserEntry::userHash)
                .select()
                .first(MOST_FOUND)
                .map(user -> new KnownUser(user.userHash(), user.name(), user.issuer(), user.subject()))
                .collect()
                .asList()
                .map(found -> found.stream()
                        .sorted(Comparator.comparing(KnownUser::name).thenComparing(KnownUser::key))
                        .toList());
    }

    @Override
    public Uni<List<UserSession>> list(String user) {
        return of(user).map(viewer::see);
    }

    @Override
    public Uni<Boolean> end(String user, String handle) {
        return of(user).chain(theirs -> viewer.named(handle, theirs)
                .map(session -> signOff(List.of(session)).replaceWith(true))
                .orElseGet(() -> Uni.createFrom().item(false)));
    }

    @Override
    public Uni<Integer> endAll(String user) {
        return KEY.matcher(user).matches()
                // First the mark: whoever signs in meanwhile is found by it, or by the list.
                ? signOff.revoke(user).chain(() -> of(user)).chain(theirs -> signOff(theirs)
                        .replaceWith(theirs.size()))
                : Uni.createFrom().item(0);
    }

    private Uni<List<SessionSummary>> of(String user) {
        return KEY.matcher(user).matches()
                ? sessions.of(user)
                : Uni.createFrom().item(List.of());
    }

    private Uni<Void> signOff(List<SessionSummary> theirs) {
        return signOff.signOff(theirs, Optional.empty(), Actor.ADMINISTRATOR);
    }
}
