package org.acme.projects.testing;

import static io.restassured.RestAssured.given;

import io.restassured.specification.RequestSpecification;
import org.acme.session.testing.TestSessions;

/** Requests as the pages of this site send them, from browsers in which somebody is signed in. */
public final class SignedIn {

    private SignedIn() {}

    /** With a new session. */
    public static RequestSpecification as(String name, String... roles) {
        return with(TestSessions.cookieOf(name, roles));
    }

    /** With the session of that Cookie header. */
    public static RequestSpecification with(String cookie) {
        return given().redirects().follow(false).header("Cookie", cookie).header("Sec-Fetch-Site", "same-origin");
    }
}
