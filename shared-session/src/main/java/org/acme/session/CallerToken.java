package org.acme.session;

import io.smallrye.mutiny.Uni;
import java.net.URI;

/**
 * The access token of whoever the request being served is from, for a call to another service in their name. It goes to
 * the addresses below {@code sso.downstream.allowed-urls} and nowhere else.
 */
public interface CallerToken {

    /**
     * The token, refreshed if that is due; of a request that came with a bearer token, that token.
     *
     * @param target where it is about to be sent; {@link IllegalArgumentException} when it must not go there
     * @return fails with {@link SessionEndedException} when the session has ended, with {@link SessionUnavailableException}
     *     when that cannot be told or no good token is to be had, and with {@link IllegalStateException} when there is no
     *     caller whose token services take: nobody, or somebody of another provider than the default one
     */
    Uni<String> forCallTo(URI target);
}
