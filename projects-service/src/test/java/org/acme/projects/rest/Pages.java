package org.acme.projects.rest;

import static org.hamcrest.Matchers.startsWith;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.acme.projects.testing.SignedIn;
import org.acme.session.testing.TestSessions;

/** A user of the pages, with projects of their own. */
abstract class Pages {

    /** New in each test, so that no test sees another one's projects. */
    final String alice = "alice-" + UUID.randomUUID();

    String create(String name) {
        return asAlice()
                .contentType("application/json")
                .body("{\"name\":\"" + name + "\"}")
                .post("/api/projects")
                .then()
                .statusCode(201)
                .header("Location", startsWith("/projects/api/projects/"))
                .extract()
                .path("id");
    }

    Response edit(String id, String version, String name, String description) {
        return asAlice()
                .formParam("version", version)
                .formParam("name", name)
                .formParam("description", description)
                .post("/" + id + "/edit");
    }

    Response share(String id, String name) {
        return asAlice().formParam("name", name).post("/" + id + "/members");
    }

    /** @return the Cookie header of somebody whom the project is shared with */
    String member(String id) {
        String bob = "bob-" + UUID.randomUUID();
        String cookie = TestSessions.cookieOf(bob, "user");
        SignedIn.with(cookie).get("/").then().statusCode(200);
        asAlice()
                .formParam("name", bob)
                .post("/" + id + "/members")
                .then()
                .statusCode(303)
                .header("Location", "/projects/" + id + "?done=shared");
        return cookie;
    }

    RequestSpecification asAlice() {
        return SignedIn.as(alice, "user");
    }
}
