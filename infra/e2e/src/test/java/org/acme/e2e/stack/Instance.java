package org.acme.e2e.stack;

/**
 * One process of a service, reached past nginx.
 *
 * @param name as in {@code infra/status}: {@code users-1}
 * @param port on 127.0.0.1
 * @param upstream where nginx finds it
 */
public record Instance(String name, int port, String upstream) {

    public String service() {
        return name.substring(0, name.indexOf('-'));
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** An address that answers 200 to who is signed in and 401 to anybody else. */
    public String whoAmI() {
        return url(whoAmI(service()));
    }

    public static String whoAmI(String service) {
        return service.equals("users") ? "/users/api/me" : "/projects/api/projects";
    }

    @Override
    public String toString() {
        return name;
    }
}
