package org.acme.member;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionRecord;

/** A servlet as any other: it asks the request who the user is. */
final class HomeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String ATTRIBUTES = "/api/attributes/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final transient Sessions sessions;

    HomeServlet(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setCharacterEncoding("UTF-8");
        switch (request.getServletPath()) {
            case "/", "" -> page(request, response);
            case "/api/me" -> me((SignedInRequest) request, response);
            default -> response.sendError(404);
        }
    }

    private static void page(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/html");
        response.getWriter()
                .printf(
                        "<!doctype html><html lang=\"en\"><title>Servlet member</title><h1>Hello %s</h1>%s"
                                + "<form method=\"post\" action=\"%s/auth/sign-off\"><button>Sign out</button></form>",
                        request.getRemoteUser().replaceAll("[^\\p{L}\\p{N} ._-]", "?"),
                        request.isUserInRole("admin") ? "<p>You may administer." : "",
                        request.getContextPath());
    }

    private static void me(SignedInRequest request, HttpServletResponse response) throws IOException {
        SessionRecord session = request.session();
        Identity user = session.identity();
        response.setContentType("application/json");
        JSON.writeValue(
                response.getWriter(),
                Map.of(
                        "issuer", user.issuer(),
                        "subject", user.subject(),
                        "name", user.name(),
                        "roles", user.roles().stream().sorted().toList(),
                        "attributes", request.attributes(),
                        "accessExpires", session.tokens().accessExpires().toEpochMilli()));
    }

    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getServletPath();
        if (!path.startsWith(ATTRIBUTES)) {
            response.sendError(404);
            return;
        }
        String text = new String(request.getInputStream().readNBytes(16 * 1024), StandardCharsets.UTF_8);
        try {
            boolean done = sessions.put(session(request).id(), path.substring(ATTRIBUTES.length()), text);
            response.setStatus(done ? 204 : 401);
        } catch (IllegalArgumentException tooLarge) {
            response.sendError(400, tooLarge.getMessage());
        }
    }

    private static SessionRecord session(HttpServletRequest request) {
        return ((SignedInRequest) request).session();
    }
}
