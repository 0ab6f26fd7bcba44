package org.acme.session.internal.forwardauth;

import io.quarkus.security.Authenticated;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.acme.session.CurrentSession;
import org.acme.session.internal.http.HttpReply;
import org.acme.session.internal.http.Replies;
import org.acme.session.internal.http.RequestKind;
import org.acme.session.internal.http.ReturnUrl;
import org.acme.session.internal.http.StepUpRequirement;
import org.acme.session.internal.http.WriteGuard;
import org.acme.session.internal.oidc.SignInPaths;
import org.acme.session.internal.stepup.StepUpGuard;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * Answers forward auth (nginx' {@code auth_request}, docs/edge.md) for applications that know nothing of sessions. The proxy asks
 * {@code auth/verify} about each request, and hands refused ones to {@code auth/enter}. It describes the original request in
 * {@code X-Original-Method} and {@code X-Original-Uri}, and the answer of {@code verify} in {@code X-Original-Verdict}; it takes
 * none of them from a client.
 */
@Path("auth")
class ForwardAuthResource {

    private static final String METHOD = "X-Original-Method";
    private static final String URI = "X-Original-Uri";
    private static final String VERDICT = "X-Original-Verdict";

    /** What the proxy takes for an address, in characters ({@code large_client_header_buffers} in nginx.conf). */
    private static final int LONGEST_TARGET = 16_000;

    private final CurrentSession session;
    private final WriteGuard writeGuard;
    private final SignInPaths paths;
    private final Replies replies;
    private final StepUpGuard stepUp;

    ForwardAuthResource(
            CurrentSession session, WriteGuard writeGuard, SignInPaths paths, Replies replies, StepUpGuard stepUp) {
        this.stepUp = stepUp;
        this.session = session;
        this.writeGuard = writeGuard;
        this.paths = paths;
        this.replies = replies;
    }

    /**
     * Whether the request that the proxy holds may pass: 200 with who it is from, 401, or 403 for want of the role or for a
     * write that another site began. (Redis unavailable: 503, from the mechanism, as anywhere.) With {@code max_age} or {@code
     * acr_values} a sign-in that is too old or too weak is 401, too. More than the application can be told of the user: 431.
     *
     * @param role what the user must have; none when missing
     * @param roles of which the application is told whether the user has them, comma between; besides {@code role}
     */
    @GET
    @Path("verify")
    public Response verify(
            RoutingContext request, @RestQuery Optional<String> role, @RestQuery Optional<String> roles) {
        if (!session.isPresent()) {
            return Response.status(Response.Status.UNAUTHORIZED).build();
        }
        if (!isFromThisSite(request) || lacks(role)) {
            return Response.status(Response.Status.FORBIDDEN).build();
        }
        if (!stepUp.isMet(wanted(request))) {
            return Response.status(Response.Status.UNAUTHORIZED).build();
        }
        IdentityHeaders told = told(role, roles);
        if (!told.fit()) {
            return Response.status(Response.Status.REQUEST_HEADER_FIELDS_TOO_LARGE)
                    .build();
        }
        Response.ResponseBuilder yes = Response.ok();
        told.values().forEach(yes::header);
        return yes.build();
    }

    private IdentityHeaders told(Optional<String> role, Optional<String> roles) {
        List<String> asked = new ArrayList<>(List.of(roles.orElse("").split(",")));
        role.ifPresent(asked::add);
        return IdentityHeaders.of(session.user(), asked);
    }

    /** What somebody gets who was not let through: to sign in and to come back, or to be told why not. */
    @GET
    @Path("enter")
    public Response enter(RoutingContext request, @RestQuery Optional<String> role, @RestQuery Optional<String> roles) {
        String wanted = ReturnUrl.ofRequest(request.request().getHeader(URI)).orElse(paths.home());
        if (!session.isPresent()) {
            return RequestKind.of(request.request()) == RequestKind.NAVIGATION
                    ? HttpReply.redirect(302, signIn(wanted)).toResponse()
                    : replies.notSignedIn(request.request(), paths.signInUrl()).toResponse();
        }
        if (!isFromThisSite(request)) {
            return replies.writeFromElsewhere(request.request()).toResponse();
        }
        if (lacks(role)) {
            return replies.forbidden(request.request()).toResponse();
        }
        StepUpRequirement needed = wanted(request);
        boolean navigates = RequestKind.of(request.request()) == RequestKind.NAVIGATION;
        if (stepUp.isMet(needed)) {
            if (!told(role, roles).fit()) {
                return replies.tooMuchToTell(request.request()).toResponse();
            }
            // Signed in meanwhile, by another tab. Where it was something else than a sign-in that was missing, the
            // same
            // page would come back here.
            if (navigates && wasNotSignedIn(request)) {
                return HttpReply.redirect(303, wanted).toResponse();
            }
            if (request.request().getHeader(VERDICT) == null) {
                throw new BadRequestException("No proxy has handed this request on");
            }
            return replies.unavailable(request.request()).toResponse();
        }
        return navigates
                ? HttpReply.redirect(302, paths.stepUp(needed, wanted)).toResponse()
                : replies.confirmFirst(request.request(), needed).toResponse();
    }

    /**
     * Asks a signed-in user for the sign-in that {@code max_age} and {@code acr_values} say, and goes on.
     *
     * @param back a path of this site; anything else counts as the service's home
     */
    @GET
    @Path("step-up")
    @Authenticated
    public Response stepUp(RoutingContext request, @RestQuery("return") String back) {
        stepUp.require(wanted(request));
        return HttpReply.redirect(303, ReturnUrl.local(back).orElse(paths.home()))
                .toResponse();
    }

    private static StepUpRequirement wanted(RoutingContext request) {
        Map<String, String> parameters = new HashMap<>();
        request.queryParams().forEach(parameters::put);
        try {
            return StepUpRequirement.of(parameters);
        } catch (IllegalArgumentException unreadable) {
            throw new BadRequestException("max_age or acr_values are not what they should be", unreadable);
        }
    }

    /** Whatever is no GET: a form, or a script's request; without its body. */
    @POST
    @Path("enter")
    public Response enterWithForm(
            RoutingContext request, @RestQuery Optional<String> role, @RestQuery Optional<String> roles) {
        return enter(request, role, roles);
    }

    /** Encoded once more, a long link may be too long for the proxy; its page without the query is better than no way in. */
    private String signIn(String wanted) {
        String whole = paths.signInPage(wanted);
        return whole.length() <= LONGEST_TARGET ? whole : paths.signInPage(wanted.replaceFirst("\\?.*", ""));
    }

    private static boolean wasNotSignedIn(RoutingContext request) {
        String verdict = request.request().getHeader(VERDICT);
        return verdict == null || verdict.equals("401");
    }

    private boolean isFromThisSite(RoutingContext request) {
        String method = request.request().getHeader(METHOD);
        return method == null || writeGuard.allows(HttpMethod.valueOf(method), request.request());
    }

    private boolean lacks(Optional<String> role) {
        return role.filter(needed -> !session.user().roles().contains(needed)).isPresent();
    }
}
