package org.acme.session.internal.auth;

import io.quarkus.security.UnauthorizedException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.acme.session.CurrentSession;
import org.acme.session.SignOffOutcome;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.http.HttpReply;
import org.acme.session.internal.http.Replies;
import org.acme.session.internal.http.RequestCookie;
import org.acme.session.internal.http.ReturnUrl;
import org.acme.session.internal.lifecycle.SignOff;
import org.acme.session.internal.oidc.LinkStore;
import org.acme.session.internal.oidc.Providers;
import org.acme.session.internal.oidc.SignInPaths;
import org.acme.session.spi.SessionEnded.Actor;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** Signing in and off, in every service. The callback is not here: {@link Callback} answers it before any resource. */
@Path("auth")
class AuthResource {

    private final CurrentSession session;
    private final SignInPaths paths;
    private final Providers providers;
    private final RequestCookie cookie;
    private final SignOff signOff;
    private final Replies replies;
    private final LinkStore links;
    private final SignOffReceipt receipts;

    AuthResource(
            CurrentSession session,
            SignInPaths paths,
            Providers providers,
            RequestCookie cookie,
            SignOff signOff,
            Replies replies,
            LinkStore links,
            SignOffReceipt receipts) {
        this.session = session;
        this.paths = paths;
        this.providers = providers;
        this.cookie = cookie;
        this.signOff = signOff;
        this.replies = replies;
        this.links = links;
        this.receipts = receipts;
    }

    /**
     * Starts a sign-in at the provider of that name. It comes back here, signed in, and goes on to the page asked for.
     *
     * @param back a path of this site; anything else counts as the service's home
     */
    @GET
    @Path("{provider}")
    public Response signIn(@RestPath String provider, @RestQuery("return") String back) {
        if (!providers.has(provider)) {
            throw new NotFoundException();
        }
        return signInOr(back);
    }

    /** Where a page's sign-in link points: to the provider, or to a choice where there is more than one. */
    @GET
    @Path("sign-in")
    public Response signIn(@RestQuery("return") String back) {
        return !session.isPresent() && providers.titles().size() > 1
                ? replies.chooseProvider(ReturnUrl.local(back).orElse(paths.home()), providers.titles())
                        .toResponse()
                : signInOr(back);
    }

    /** The end of a sign-in: on to the link that it began with, which the browser has kept for this address. */
    @GET
    @Path("resume/{id}")
    public Response resume(RoutingContext request, @RestPath String id) {
        return links.of(request, id)
                .map(link -> link.whole() ? HttpReply.redirect(303, link.path()) : replies.linkShortened(link.path()))
                .orElseGet(replies::linkNotKept)
                .toResponse();
    }

    private Response signInOr(String back) {
        if (!session.isPresent()) {
            throw new UnauthorizedException();
        }
        return HttpReply.redirect(303, ReturnUrl.local(back).orElse(paths.home()))
                .toResponse();
    }

    /**
     * Signs off. The cookie counts here even when its session has ended: asking again completes a sign-off that could
     * not answer. Without a cookie there is nothing to do, which is an answer too; with {@code Authorization} the cookie
     * does not count, here as anywhere.
     */
    @POST
    @Path("sign-off")
    public Uni<Response> signOff(RoutingContext request) {
        boolean bearer = request.request().headers().contains(HttpHeaders.AUTHORIZATION);
        Optional<SessionId> id = bearer ? Optional.empty() : cookie.read(request);
        // Known while the session lives; who asks again with its cookie is led to the default provider.
        String provider = session.isPresent() ? session.user().provider() : providers.defaultProvider();
        if (id.isEmpty()) {
            return Uni.createFrom().item(signedOff(SignOffOutcome.SIGNED_OFF, provider, Optional.empty()));
        }
        return signOff.signOff(id.get(), Actor.USER).map(result -> {
            cookie.clear(request);
            return signedOff(result.outcome(), provider, receipts.of(result));
        });
    }

    /** A tab that is restored, or a link: nothing ends by a GET, so who is signed in comes to a page with the button. */
    @GET
    @Path("sign-off")
    public Response signOffByLink() {
        return HttpReply.redirect(303, paths.home() + (session.isPresent() ? "" : "auth/signed-off"))
                .toResponse();
    }

    /** @param receipt what the sign-off took, sealed */
    @GET
    @Path("signed-off")
    public Response signedOffPage(@RestQuery String receipt) {
        return (session.isPresent() ? replies.stillSignedIn() : replies.signedOff(receipts.text(receipt))).toResponse();
    }

    /**
     * With the provider out of reach. A page of its own: what it says must not hang on a parameter anyone can set. It
     * offers the way to the provider's own sign-off, which only the browser can go now.
     */
    @GET
    @Path("signed-off-here")
    public Uni<Response> signedOffHerePage() {
        return signedOffHerePage(providers.defaultProvider());
    }

    /** The same for a session of that provider. */
    @GET
    @Path("{provider}/signed-off-here")
    public Uni<Response> signedOffHerePage(@RestPath String provider) {
        if (!providers.has(provider)) {
            throw new NotFoundException();
        }
        if (session.isPresent()) {
            return Uni.createFrom().item(replies.stillSignedIn().toResponse());
        }
        return providers.endSessionUrl(provider, paths.homeUrl()).map(there -> replies.signedOffHere(there)
                .toResponse());
    }

    private Response signedOff(SignOffOutcome outcome, String provider, Optional<String> receipt) {
        String here = provider.equals(providers.defaultProvider()) ? "signed-off-here" : provider + "/signed-off-here";
        String query = receipt.map(told -> "?receipt=" + told).orElse("");
        String page = outcome == SignOffOutcome.SIGNED_OFF ? "signed-off" + query : here;
        return HttpReply.redirect(303, paths.home() + "auth/" + page).toResponse();
    }
}
