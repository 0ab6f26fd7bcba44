package org.acme.session.internal.oidc;

import io.netty.handler.codec.http.QueryStringEncoder;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.acme.session.contract.BaseUrl;
import org.acme.session.internal.http.ServiceRoot;
import org.acme.session.internal.http.StepUpRequirement;

/** Where sign-ins begin and end in this service: {@code auth/<provider>} and {@code auth/<provider>/callback}. */
@Singleton
public class SignInPaths {

    private static final String CALLBACK = "/callback";

    private final BaseUrl baseUrl;
    private final Providers providers;
    private final String root;
    private final String auth;

    SignInPaths(BaseUrl baseUrl, Providers providers, ServiceRoot root) {
        this.baseUrl = baseUrl;
        this.providers = providers;
        this.root = root.path();
        this.auth = this.root + "auth/";
    }

    /** The service's home, such as {@code /users/}. */
    public String home() {
        return root;
    }

    /** The same with scheme and host. */
    public String homeUrl() {
        return baseUrl.origin() + root;
    }

    /** Where a script or a page sends its user to sign in: at the provider, or to a choice where there is more than one. */
    public String signInUrl() {
        return baseUrl.origin() + auth + "sign-in";
    }

    /** Where a person signs in and goes on to a path of this site. */
    public String signInPage(String back) {
        return auth + "sign-in?return=" + URLEncoder.encode(back, StandardCharsets.UTF_8);
    }

    /** Where a person signs in at that provider, a path. */
    public String signInAt(String provider) {
        return auth + provider;
    }

    /** Whether a sign-in begins at that path, at a named provider or one to be chosen. */
    public boolean beginsSignIn(String path) {
        return path.equals(auth + "sign-in") || providerOf(path).isPresent();
    }

    /** Where a signed-in person is asked for that sign-in and goes on to a path of this site. */
    public String stepUp(StepUpRequirement wanted, String back) {
        QueryStringEncoder url = new QueryStringEncoder(auth + "step-up");
        wanted.parameters().forEach(url::addParam);
        url.addParam("return", back);
        return url.toString();
    }

    /** Where a browser that has signed in goes on to the link that it came with. */
    String resume(String id) {
        return auth + "resume/" + id;
    }

    /** Where somebody signs in at that provider, and goes on to the link of an earlier try. */
    public String signInAgain(String provider, SignInState earlier) {
        return auth + provider + "?return=" + URLEncoder.encode(earlier.link(), StandardCharsets.UTF_8);
    }

    String callback(String provider) {
        return auth + provider + CALLBACK;
    }

    /** The redirect URI, never built from a request (RFC 9700, section 4.1.3: registered and compared exactly). */
    String redirectUri(String provider) {
        return baseUrl.origin() + callback(provider);
    }

    /** The provider whose callback that path is. */
    public Optional<String> providerOfCallback(String path) {
        return path.startsWith(auth) && path.endsWith(CALLBACK)
                ? known(path.substring(auth.length(), Math.max(auth.length(), path.length() - CALLBACK.length())))
                : Optional.empty();
    }

    /** The provider that a path names for a sign-in: {@code auth/<provider>}. */
    public Optional<String> providerOf(String path) {
        return path.startsWith(auth) ? known(path.substring(auth.length())) : Optional.empty();
    }

    private Optional<String> known(String provider) {
        return Optional.of(provider).filter(providers::has);
    }
}
