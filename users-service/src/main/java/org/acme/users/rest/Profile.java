package org.acme.users.rest;

import java.util.List;
import java.util.Map;
import org.acme.session.CurrentSession;
import org.acme.session.SignedInUser;

/** What the profile page shows, in the order of reading. */
record Profile(
        String name,
        String subject,
        String issuer,
        String provider,
        List<String> roles,
        List<Claim> claims,
        Moment since,
        Moment until,
        String fingerprint) {

    /** One profile claim as the provider sent it. */
    record Claim(String name, String value) {}

    static Profile of(CurrentSession session) {
        SignedInUser user = session.user();
        return new Profile(
                user.name(),
                user.subject(),
                user.issuer(),
                user.provider(),
                user.roles().stream().sorted().toList(),
                claims(user.profile()),
                Moment.of(session.startedAt()),
                Moment.of(session.endsAt()),
                session.fingerprint());
    }

    private static List<Claim> claims(Map<String, String> profile) {
        return profile.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(claim -> new Claim(claim.getKey(), claim.getValue()))
                .toList();
    }
}
