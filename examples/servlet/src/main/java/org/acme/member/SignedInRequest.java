package org.acme.member;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.util.Map;
import org.acme.session.contract.SessionRecord;

/** A request whose user the container knows: what servlets, JSPs and frameworks ask for anyway. */
final class SignedInRequest extends HttpServletRequestWrapper {

    private final Sessions.Found found;

    SignedInRequest(HttpServletRequest request, Sessions.Found found) {
        super(request);
        this.found = found;
    }

    SessionRecord session() {
        return found.session();
    }

    Map<String, String> attributes() {
        return found.attributes();
    }

    @Override
    public String getRemoteUser() {
        return session().identity().name();
    }

    @Override
    public Principal getUserPrincipal() {
        return this::getRemoteUser;
    }

    @Override
    public boolean isUserInRole(String role) {
        return session().identity().roles().contains(role);
    }

    @Override
    public String getAuthType() {
        return "sso";
    }
}
