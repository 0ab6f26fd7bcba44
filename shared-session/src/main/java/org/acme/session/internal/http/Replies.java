package org.acme.session.internal.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.acme.session.ProblemDetail;
import org.acme.session.contract.BaseUrl;
import org.acme.session.spi.MessagePage;
import org.acme.session.spi.MessagePage.Link;
import org.acme.session.spi.PageRenderer;

/** The responses of the shared session itself: a page for a person, a problem document for a script. */
@Singleton
public class Replies {

    private static final String RETRY_SECONDS = "2";
    private static final String TO_HOME = "To the start page";
    private static final String AGAIN = "Sign in again";

    private final BaseUrl baseUrl;
    private final PageRenderer pages;
    private final String home;

    Replies(BaseUrl baseUrl, PageRenderer pages, ServiceRoot root) {
        this.baseUrl = baseUrl;
        this.pages = pages;
        this.home = root.path();
    }

    private static HttpReply problem(int status, String title, String text) {
        return HttpReply.problem(ProblemDetail.of(status, title, text));
    }

    /** The same for a script and for a person. */
    private HttpReply message(HttpServerRequest request, int status, String title, String text) {
        return RequestKind.of(request) == RequestKind.SCRIPT
                ? problem(status, title, text)
                : page(status, title, text, home, TO_HOME);
    }

    private HttpReply page(int status, String title, String text, String link, String linkText) {
        return HttpReply.page(
                status, pages.html(new MessagePage(status, title, text, List.of(new Link(link, linkText)))));
    }

    /** No session, and nothing to redirect. @param signInUrl where signing in begins */
    public HttpReply notSignedIn(HttpServerRequest request, String signInUrl) {
        if (RequestKind.of(request) == RequestKind.FORM) {
            return page(
                    401,
                    "Please sign in again",
                    "Your session is over, so what you sent was not saved. Sign in, then send it again.",
                    signInUrl + backToTheForm(request),
                    "Sign in");
        }
        return HttpReply.problem(ProblemDetail.of(401, "Not signed in", "Sign in at the address in sign_in.")
                        .with("sign_in", signInUrl))
                .with("WWW-Authenticate", BearerError.CHALLENGE);
    }

    /** Where only a bearer token counts, and none came; or one came where none counts. */
    public HttpReply bearerOnly() {
        return problem(401, "Not authenticated", "This address takes an access token of its own only.")
                .with("WWW-Authenticate", BearerError.CHALLENGE);
    }

    /** A bearer token that was not accepted (RFC 6750, section 3.1). */
    public HttpReply refused(BearerError error) {
        return problem(error.status(), error.title(), error.description()).with("WWW-Authenticate", error.challenge());
    }

    /** Signed in, but too long ago for this, or not strongly enough (RFC 9470, section 3). */
    public HttpReply confirmFirst(HttpServerRequest request, StepUpRequirement wanted) {
        String title = "Please confirm that it is you";
        String text = wanted.reason();
        if (RequestKind.of(request) != RequestKind.SCRIPT) {
            return page(401, title, text + " Open the page again and sign in; nothing was changed.", home, TO_HOME);
        }
        StringBuilder challenge = new StringBuilder(BearerError.CHALLENGE)
                .append(" error=\"insufficient_user_authentication\", error_description=\"")
                .append(text)
                .append('"');
        wanted.parameters().forEach((name, value) -> challenge
                .append(", ")
                .append(name)
                .append("=\"")
                .append(value)
                .append('"'));
        return problem(401, title, text).with("WWW-Authenticate", challenge.toString());
    }

    /** A provider that was asked for a recent or stronger sign-in has not given it: asking again would be a loop. */
    public HttpReply signInTooWeak() {
        return page(
                403,
                "This sign-in is not enough",
                "The page needs a stronger or more recent sign-in, and the sign-in provider did not give one. Nothing was"
                        + " changed: who was signed in is so still.",
                home,
                TO_HOME);
    }

    /** The provider has to say what a bearer token is worth, and cannot be asked. */
    public HttpReply tokenUnverified() {
        return problem(
                        503,
                        "The access token cannot be checked just now",
                        "The authorization server does not answer. Please try again in a moment.")
                .with("Retry-After", RETRY_SECONDS);
    }

    /** More than one provider: a person chooses. @param back a path of this site */
    public HttpReply chooseProvider(String back, Map<String, String> titles) {
        String then = "?return=" + encoded(back);
        List<Link> links = titles.entrySet().stream()
                .map(provider -> new Link(home + "auth/" + provider.getKey() + then, provider.getValue()))
                .toList();
        return HttpReply.page(
                200,
                pages.html(new MessagePage(
                        200,
                        "Sign in",
                        "Choose the account to sign in with. Accounts are kept apart, also when they have the same e-mail"
                                + " address.",
                        links)));
    }

    /** The page that sent the form, so that who has signed in is where the form is. */
    private String backToTheForm(HttpServerRequest request) {
        String page = request.getHeader(HttpHeaders.REFERER);
        return page != null && page.startsWith(baseUrl.origin() + "/")
                ? ReturnUrl.local(page.substring(baseUrl.origin().length()))
                        .map(path -> "?return=" + encoded(path))
                        .orElse("")
                : "";
    }

    /** Law 3: nothing is known about the session, so nothing is done to it. */
    public HttpReply unavailable(HttpServerRequest request) {
        String title = "We cannot check your session just now";
        String text = "Nothing has happened to it. Please try again in a moment.";
        HttpReply reply =
                switch (RequestKind.of(request)) {
                    case SCRIPT -> problem(503, title, text);
                    // Without the query, which may hold the code of a sign-in.
                    case NAVIGATION -> page(503, title, text, request.path(), "Try again");
                    case FORM -> page(503, title, text + " What you sent was not saved.", home, TO_HOME);
                };
        return reply.with("Retry-After", RETRY_SECONDS);
    }

    /**
     * The session lives, but its provider cannot say whether its access token is to be renewed. Signing in again is the way on
     * that asks the provider something else.
     *
     * @param back the page asked for
     * @param signIn where a sign-in begins, without the page to come back to
     */
    public HttpReply tokensUnavailable(HttpServerRequest request, String back, String signIn) {
        String title = "We cannot check your session just now";
        String text = "The sign-in provider does not answer. You are still signed in; please try again in a moment.";
        RequestKind kind = RequestKind.of(request);
        if (kind == RequestKind.SCRIPT) {
            return HttpReply.problem(ProblemDetail.of(503, title, text).with("sign_in", baseUrl.origin() + signIn))
                    .with("Retry-After", RETRY_SECONDS);
        }
        boolean form = kind == RequestKind.FORM;
        Link again = form ? new Link(home, TO_HOME) : new Link(back, "Try again");
        String then = form ? backToTheForm(request) : "?return=" + encoded(back);
        MessagePage page = new MessagePage(
                503,
                title,
                form ? text + " What you sent was not saved." : text,
                List.of(again, new Link(signIn + then, "Sign in again")));
        return HttpReply.page(503, pages.html(page)).with("Retry-After", RETRY_SECONDS);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The provider cannot be reached, so nobody can sign in. */
    public HttpReply providerUnavailable(HttpServerRequest request) {
        String title = "Signing in is not possible just now";
        String text = "The sign-in provider does not answer. Please try again in a moment.";
        HttpReply reply = message(request, 503, title, text);
        return reply.with("Retry-After", RETRY_SECONDS);
    }

    /** A write that did not come from a page of this site, or of which its browser does not say so. */
    public HttpReply writeFromElsewhere(HttpServerRequest request) {
        String rule =
                "A request that changes something with a session has to come from a page of " + baseUrl.origin() + ".";
        return RequestKind.of(request) == RequestKind.SCRIPT
                ? problem(403, "Refused", rule)
                : page(
                        403,
                        "This was not sent by a page of ours",
                        rule
                                + " Your browser did not say that this one did, so nothing was changed. If it was you, go back, load"
                                + " the page again, and send it once more.",
                        home,
                        TO_HOME);
    }

    /** Signed in, but not allowed: signing in again would change nothing. */
    public HttpReply forbidden(HttpServerRequest request) {
        String title = "Access denied";
        String text = "You are signed in, but your account does not have the required role.";
        return message(request, 403, title, text);
    }

    /** Signed in, but a guarded application cannot be told who it is: its headers would be too large. */
    public HttpReply tooMuchToTell(HttpServerRequest request) {
        String title = "Your account has too many roles for this";
        String text =
                "The application behind this address takes fewer than you have. Those who administer accounts can help.";
        return message(request, 431, title, text);
    }

    /** A script wants a kind of answer that is not to be had there (RFC 9110, section 15.5.7). */
    public HttpReply notAcceptable() {
        return problem(406, "Not acceptable", "This address has no answer of a kind that Accept names.");
    }

    /** A script asked for what it did not say. */
    public HttpReply unreadable(String hint) {
        return problem(400, "Not understood", hint);
    }

    /** A body that cannot be read. @param status 400; 413 when it is more than is taken; 415 when it is of another kind */
    public HttpReply unreadableBody(HttpServerRequest request, int status) {
        String title;
        String text;
        switch (status) {
            case 413 -> {
                title = "That was too much";
                text = "What was sent is larger than we take. Nothing was saved.";
            }
            case 415 -> {
                title = "Not in this form";
                text = "What was sent is of a kind that this address does not take. Nothing was saved.";
            }
            default -> {
                title = "We could not read what was sent";
                text = "Something on the way has damaged it. Nothing was saved; go back and send it again.";
            }
        }
        return message(request, status, title, text);
    }

    /** A script asked about a session that does not live. @param ended whether it once did */
    public HttpReply noSession(boolean ended) {
        return ended
                ? problem(410, "Ended", "This session has ended.")
                : problem(404, "No session", "No such session is known.");
    }

    /** The provider gave no tokens for a good code: this system is not set up there as it should be. */
    public HttpReply notSetUp() {
        return page(
                        503,
                        "Signing in does not work at the moment",
                        "The sign-in provider does not accept this site. Nothing is wrong with your account, and who runs this site can"
                                + " read the reason in its log. Please try again later.",
                        home,
                        TO_HOME)
                .with("Retry-After", RETRY_SECONDS);
    }

    /**
     * A callback that belongs to no sign-in under way: reloaded, opened late, or from another browser.
     *
     * @param again where the same sign-in begins anew; empty when unknown
     */
    public HttpReply signInDidNotFinish(Optional<String> again) {
        return page(
                400,
                "This sign-in did not finish",
                "It was too old, already used, or begun in another browser. Nothing has happened; begin anew.",
                again.orElse(home),
                again.isPresent() ? AGAIN : TO_HOME);
    }

    /** Who has signed in again and again, and brings another cookie each time: one more sign-in would be a loop. */
    public HttpReply cookieInTheWay() {
        return page(
                400,
                "Another cookie is in the way",
                "You have signed in, but your browser sends another cookie in place of this site's. Remove the cookies of this site"
                        + " in your browser's settings, then open the page once more.",
                home,
                TO_HOME);
    }

    /** The provider, or its user, said no. @param again where the same sign-in begins anew */
    public HttpReply signInRefused(String again) {
        return page(
                403,
                "You are not signed in",
                "The sign-in was cancelled, or the sign-in provider refused it. Nothing has happened; you may try again.",
                again,
                AGAIN);
    }

    /** A sign-in has ended, and the link that it began with was too long for the cookies of a browser. */
    public HttpReply linkShortened(String page) {
        return page(
                200,
                "The page's address was too long",
                "The sign-in is over. What follows the question mark in the address that it began with could not be kept."
                        + " Please go on without it, or open the address once more.",
                page,
                "Go on to the page");
    }

    /** A sign-in has ended, and the link that it began with is not known in this browser. */
    public HttpReply linkNotKept() {
        return page(
                200,
                "Your page is not known any more",
                "The sign-in is over, and your browser has not kept the address that it began with: it was very long, or one"
                        + " of very many. Please open the page once more.",
                home,
                TO_HOME);
    }

    /** A sign-off. @param how what it took, where that is told */
    public HttpReply signedOff(Optional<String> how) {
        return page(
                200,
                "Signed out",
                "You are signed out of every service in this browser."
                        + how.map(text -> " " + text).orElse(""),
                home,
                TO_HOME);
    }

    /** The page after a sign-off, opened by who is signed in: later, with "Back", or by a link that somebody else made. */
    public HttpReply stillSignedIn() {
        return page(
                200,
                "You are signed in",
                "Nobody has signed out in this browser, or somebody has signed in since. Signing out ends your session in every"
                        + " service.",
                home,
                TO_HOME);
    }

    /** A sign-off of which the provider does not know. @param there where the browser can tell it; may be unknown */
    public HttpReply signedOffHere(Optional<String> there) {
        return page(
                200,
                "Signed out here",
                "You are signed out of every service. The sign-in provider could not be told, so it may sign you"
                        + " in again without asking. On a shared computer, sign out there too, or close the"
                        + " browser.",
                there.orElse(home),
                there.isPresent() ? "Sign out at the provider" : TO_HOME);
    }
}
