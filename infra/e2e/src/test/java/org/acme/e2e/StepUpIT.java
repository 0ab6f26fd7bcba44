package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Administrators prove once more who they are before they sign others off. */
@ExtendWith(OnTheStack.class)
class StepUpIT {

    private static final Pattern SOMEBODY = Pattern.compile("/users/admin/sessions/[0-9a-f]{64}");
    private static final String FORM = "application/x-www-form-urlencoded";

    private Stack stack;
    private Visitor alice;
    private String bobsSessions;

    @BeforeEach
    void people(Stack stack) {
        this.stack = stack;
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/users/profile");
        alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        Matcher found =
                SOMEBODY.matcher(alice.open("/users/admin/sessions?q=bob").body());
        assertThat(found.find()).isTrue();
        bobsSessions = found.group();
    }

    /** As when the sign-in was an hour ago. Redis says so; what caches the session reads it again within seconds. */
    private void signInGrowsOld() {
        String anHourAgo =
                Long.toString(Instant.now().minus(Duration.ofHours(1)).toEpochMilli());
        String id = SignedCookie.idOf(alice.sso());
        stack.redis().setField(id, "created", anHourAgo);
        stack.redis().setField(id, "authenticated", anHourAgo);
    }

    private Answer askedToConfirm() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofSeconds(12)) // a session that is in use is not read whole again
                .until(() -> alice.get(bobsSessions, Visitor.NAVIGATION).status() != 200);
        return alice.get(bobsSessions, Visitor.NAVIGATION);
    }

    @Test
    @DisplayName(
            "L1 with an old sign-in the provider asks for the password again, and the page asked for follows, with a new id")
    void thePasswordIsAskedForAgain() {
        assertThat(alice.get(bobsSessions, Visitor.NAVIGATION).status()).isEqualTo(200);
        signInGrowsOld();
        String old = alice.sso();

        Answer away = askedToConfirm();
        assertThat(away.location().toString())
                .startsWith(stack.keycloakOrigin())
                .contains("max_age=600");
        // Keycloak's own clock says seconds, not an hour; so it is asked for less here.
        String strict = away.location().toString().replace("max_age=600", "max_age=1");
        Awaitility.await().until(() -> alice.open(strict).asksForPassword());
        Answer login = alice.open(strict);
        Answer page = alice.open(alice.submit(login, "alice").location().toString());

        assertThat(page.status()).as("%s", page).isEqualTo(200);
        assertThat(page.uri().getPath()).isEqualTo(bobsSessions);
        assertThat(alice.sso()).isNotEqualTo(old);
        Everywhere.assertUnknown(stack, old);
    }

    private String acr() {
        return stack.redis().record(SignedCookie.idOf(alice.sso())).get("acr");
    }

    private static String stepUp(String acr) {
        return "/users/auth/step-up?acr_values=" + acr + "&return=" + Visitor.encoded("/users/profile");
    }

    @Test
    @DisplayName(
            "L1 whom Keycloak's cookie let in gives the password where that is asked for with acr_values, and goes on")
    void aStrongerSignIn() {
        assertThat(acr()).isEqualTo("1");
        assertThat(alice.get(stepUp("1"), Visitor.NAVIGATION).location().getPath())
                .isEqualTo("/users/profile");
        alice.cookies().forget(Site.COOKIE);
        assertThat(alice.open("/users/profile").status()).isEqualTo(200);
        assertThat(acr()).as("nobody asked alice").isEqualTo("0");
        String old = alice.sso();
        String verify = stack.instances("users").get(0).url("/users/auth/verify?acr_values=1");
        assertThat(alice.get(verify, Visitor.SCRIPT).status()).isEqualTo(401);

        Answer login = alice.open(stepUp("1"));
        assertThat(login.asksForPassword()).as("%s", login).isTrue();
        Answer page = alice.open(alice.submit(login, "alice").location().toString());
        assertThat(page.status()).as("%s", page).isEqualTo(200);
        assertThat(page.uri().getPath()).isEqualTo("/users/profile");
        assertThat(acr()).isEqualTo("1");
        assertThat(alice.get(verify, Visitor.SCRIPT).status()).isEqualTo(200);
        Everywhere.assertUnknown(stack, old);
    }

    @Test
    @DisplayName("I3 a strength that Keycloak does not know is one page, no loop, and alice stays signed in as she was")
    void moreThanThereIs() {
        String before = alice.sso();
        Answer login = alice.open(stepUp("gold")); // Keycloak asks again, and then knows no better than "1"
        Answer page = alice.open(alice.submit(login, "alice").location().toString());
        assertThat(page.status()).as("%s", page).isEqualTo(403);
        assertThat(page.body()).contains("This sign-in is not enough");
        assertThat(alice.sso()).isEqualTo(before);
        Everywhere.assertKnown(stack, alice);
    }

    @Test
    @DisplayName("E7 I5 a form and a script are told so, and nobody is signed off")
    void formsAndScriptsAreTold() {
        signInGrowsOld();
        askedToConfirm();
        Answer form = alice.post(
                bobsSessions + "/end-all",
                FORM,
                "",
                "Sec-Fetch-Site",
                "same-origin",
                "Sec-Fetch-Mode",
                "navigate",
                "Sec-Fetch-Dest",
                "document");
        assertThat(form.status()).isEqualTo(401);
        assertThat(form.body()).contains("Please confirm that it is you");
        Answer script = alice.post(bobsSessions + "/end-all", FORM, "", "Sec-Fetch-Site", "same-origin");
        assertThat(script.status()).isEqualTo(401);
        assertThat(script.header("WWW-Authenticate").orElse(""))
                .contains("insufficient_user_authentication", "max_age=\"600\"");
    }
}
