package org.acme.users.rest;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
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
        Instant since,
        Instant until,
        long idleMinutes,
        String fingerprint) {

    /** One profile claim as the provider sent it; its name made readable. */
    record Claim(String label, String value) {

        static Claim of(String name, String value) {
            String words = name.replace('_', ' ');
            return new Claim(words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1), value);
        }
    }

    static Profile of(CurrentSession session) {
        SignedInUser user = session.user();
        return new Profile(
                user.name(),
                user.subject(),
                user.issuer(),
                user.provider(),
                user.roles().stream().sorted().toList(),
                claims(user.profile()),
                session.startedAt(),
                session.endsAt(),
                session.idleLimit().toMinutes(),
                session.fingerprint());
    }

    private static List<Claim> claims(Map<String, String> profile) {
        return profile.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(claim -> !claim.getKey().isEmpty())
                .map(claim -> Claim.of(claim.getKey(), claim.getValue()))
                .toList();
    }
}
