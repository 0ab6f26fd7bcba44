package org.acme.projects.client;

import jakarta.ws.rs.core.HttpHeaders;
import org.acme.session.CallerToken;
import org.jboss.resteasy.reactive.client.spi.ResteasyReactiveClientRequestContext;
import org.jboss.resteasy.reactive.client.spi.ResteasyReactiveClientRequestFilter;

/** Sends the caller's access token along, where it may go. */
public class CallerTokenFilter implements ResteasyReactiveClientRequestFilter {

    private final CallerToken caller;

    CallerTokenFilter(CallerToken caller) {
        this.caller = caller;
    }

    @Override
    public void filter(ResteasyReactiveClientRequestContext call) {
        call.suspend();
        caller.forCallTo(call.getUri())
                .subscribe()
                .with(
                        token -> {
                            call.getHeaders().putSingle(HttpHeaders.AUTHORIZATION, "Bearer " + token);
                            call.resume();
                        },
                        // Without a token of theirs nothing was asked.
                        failure -> call.resume(new CallersFaultException("No token of the caller", failure)));
    }
}
