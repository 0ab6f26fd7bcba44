package org.acme.e2e.observers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Stack;

/** The providers of {@code infra/e2e/providers}, in a process of their own: {@code acme} and {@code octo}. */
public final class NodeProviders implements AutoCloseable {

    private static final NodeProgram PROGRAM = new NodeProgram("providers", "providers.js");
    private static final String SECRET = "only-for-these-tests-0123456789-0123456789";
    private static final Pattern ACTION = Pattern.compile("action=\"([^\"]+)\"");
    private static final Pattern XSRF = Pattern.compile("name=\"xsrf\" value=\"([^\"]+)\"");

    private final Process process;
    private final String acme;
    private final String octo;

    private NodeProviders(Process process, String acme, String octo) {
        this.process = process;
        this.acme = acme;
        this.octo = octo;
    }

    /** @param accessSeconds how long access tokens of {@code acme} last */
    public static NodeProviders start(Stack stack, int accessSeconds) {
        try {
            int acmePort = stack.freePort(0);
            int octoPort = stack.freePort(1);
            Path errors = PROGRAM.target().resolve("errors.txt");
            ProcessBuilder node = PROGRAM.installed().redirectError(errors.toFile());
            node.environment().put("BASE_URL", stack.base());
            node.environment().put("INTERNAL_URL", stack.internal());
            node.environment().put("CLIENT_SECRET", SECRET);
            node.environment().put("ACME_PORT", Integer.toString(acmePort));
            node.environment().put("OCTO_PORT", Integer.toString(octoPort));
            node.environment().put("ACME_ACCESS_SECONDS", Integer.toString(accessSeconds));
            Process process = node.start();
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            if (!"listening".equals(said.readLine())) {
                process.destroy();
                throw new IOException("The providers did not start; see " + errors);
            }
            return new NodeProviders(process, "http://localhost:" + acmePort, "http://localhost:" + octoPort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a service is told about them. */
    public String[] settings() {
        return new String[] {
            "SSO_PROVIDERS_ACME_URL=" + acme,
            "SSO_PROVIDERS_ACME_TITLE=Acme",
            "SSO_PROVIDERS_ACME_CLIENT_ID=sso",
            "SSO_PROVIDERS_ACME_CLIENT_SECRET=" + SECRET,
            "SSO_PROVIDERS_ACME_SCOPES=profile,email,offline_access",
            "SSO_PROVIDERS_ACME_ROLES=user",
            "SSO_PROVIDERS_OCTO_URL=" + octo,
            "SSO_PROVIDERS_OCTO_TITLE=Octo",
            "SSO_PROVIDERS_OCTO_PROTOCOL=oauth2",
            "SSO_PROVIDERS_OCTO_CLIENT_ID=sso",
            "SSO_PROVIDERS_OCTO_CLIENT_SECRET=" + SECRET,
            "SSO_PROVIDERS_OCTO_SCOPES=read:user",
            "SSO_PROVIDERS_OCTO_SUBJECT_CLAIM=id",
            "SSO_PROVIDERS_OCTO_NAME_CLAIM=login",
            "SSO_PROVIDERS_OCTO_ROLES=user",
            "SSO_PROVIDERS_OCTO_ENDPOINTS_AUTHORIZATION=" + octo + "/login/oauth/authorize",
            "SSO_PROVIDERS_OCTO_ENDPOINTS_TOKEN=" + octo + "/login/oauth/access_token",
            "SSO_PROVIDERS_OCTO_ENDPOINTS_USERINFO=" + octo + "/user"
        };
    }

    public String issuer(String provider) {
        return provider.equals("acme") ? acme : octo;
    }

    /** Fills in the provider's form, and ends where that leads. */
    public Answer signIn(Visitor visitor, String provider, String name, String where) {
        Answer form = visitor.open("/users/auth/" + provider + "?return=" + Visitor.encoded(where));
        return visitor.follow(send(visitor, form, "prompt=login&login=" + name + "&password=x"));
    }

    /** Signs off at {@code acme} itself, which tells everybody who has a session of it. */
    public void signOffAtAcme(Visitor visitor) {
        Answer form = visitor.open(acme + "/session/end");
        Matcher xsrf = XSRF.matcher(form.body());
        if (!xsrf.find()) {
            throw new AssertionError("No form: " + form);
        }
        visitor.follow(send(visitor, form, "xsrf=" + xsrf.group(1) + "&logout=yes"));
    }

    /** Somebody withdraws at {@code octo} what the services were allowed. */
    public void withdrawAtOcto(String name) {
        sent(HttpRequest.newBuilder(URI.create(octo + "/settings/applications?login=" + name))
                .DELETE());
    }

    /** How many grants {@code acme} has seen revoked, with all their tokens. */
    public int revokedAtAcme() {
        return Integer.parseInt(sent(HttpRequest.newBuilder(URI.create(octo + "/test/revoked-at-acme"))));
    }

    private static String sent(HttpRequest.Builder request) {
        try {
            return HttpClient.newHttpClient()
                    .send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Answer send(Visitor visitor, Answer form, String fields) {
        Matcher action = ACTION.matcher(form.body());
        if (!action.find()) {
            throw new AssertionError("No form: " + form);
        }
        String to = form.uri().resolve(decoded(action.group(1))).toString();
        return visitor.post(to, "application/x-www-form-urlencoded", fields, "Accept", "text/html");
    }

    private static String decoded(String html) {
        return Pattern.compile("&#(\\d+);")
                .matcher(html.replace("&amp;", "&"))
                .replaceAll(number -> Character.toString(Integer.parseInt(number.group(1))));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
