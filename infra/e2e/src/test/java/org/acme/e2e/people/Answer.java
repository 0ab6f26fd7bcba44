package org.acme.e2e.people;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/** What a server answered. */
public record Answer(HttpResponse<String> response) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public int status() {
        return response.statusCode();
    }

    public String body() {
        return response.body();
    }

    /** The address that answered. */
    public URI uri() {
        return response.uri();
    }

    public Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    public List<String> setCookies() {
        return response.headers().allValues("set-cookie");
    }

    /** The Set-Cookie header of that cookie, if there is one. */
    public Optional<String> setCookie(String name) {
        return setCookies().stream().filter(c -> c.startsWith(name + "=")).findFirst();
    }

    public boolean isRedirect() {
        return status() >= 300 && status() < 400 && header("location").isPresent();
    }

    /** Where the redirect leads, as an absolute address. */
    public URI location() {
        return uri().resolve(header("location").orElseThrow(() -> new AssertionError("No redirect: " + this)));
    }

    public JsonNode json() {
        try {
            return JSON.readTree(body());
        } catch (JsonProcessingException e) {
            throw new AssertionError("No JSON: " + this, e);
        }
    }

    public boolean asksForPassword() {
        return status() == 200 && body().contains("id=\"kc-form-login\"");
    }

    @Override
    public String toString() {
        return status() + " from " + uri() + " " + response.headers().map() + "\n"
                + body().substring(0, Math.min(600, body().length()));
    }
}
