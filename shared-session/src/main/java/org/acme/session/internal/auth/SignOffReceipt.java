package org.acme.session.internal.auth;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.TokenSeal;
import org.acme.session.contract.TokenSeal.Place;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.lifecycle.SignOffResult;

/**
 * What a sign-off took, on its way to the page after it, which another instance may answer: four numbers, sealed, in that page's
 * address. So nobody can make the page say something else, and an old address says nothing.
 */
@Singleton
class SignOffReceipt {

    private static final Duration GOOD_FOR = Duration.ofMinutes(1);
    private static final int LONGEST = 200;
    private static final Place PLACE = new Place("auth/signed-off", "receipt", "1");
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6}) (\\d{1,6}) (\\d{1,9}) (\\d{1,15})");

    private final TokenSeal seal;
    private final Clock clock;
    private final boolean wanted;

    @Inject
    SignOffReceipt(TokenSeal seal, Clock clock, SsoConfig config) {
        this(seal, clock, config.signOff().showDetails());
    }

    SignOffReceipt(TokenSeal seal, Clock clock, boolean wanted) {
        this.seal = seal.forPurpose("sign-off receipt");
        this.clock = clock;
        this.wanted = wanted;
    }

    /** Empty when the page tells nothing, or there is nothing to tell. */
    Optional<String> of(SignOffResult result) {
        return wanted && result.instances() > 0
                ? Optional.of(seal.seal(
                        result.confirmed() + " " + result.instances() + " "
                                + result.took().toMillis() + " " + clock.millis(),
                        PLACE))
                : Optional.empty();
    }

    /** For people, what a receipt of ours says; empty for one that is none, or old. @param receipt as it came; may be null */
    Optional<String> text(String receipt) {
        if (!wanted || receipt == null || receipt.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            Matcher numbers = TEXT.matcher(seal.open(receipt, PLACE));
            return numbers.matches() && isRecent(Long.parseLong(numbers.group(4)))
                    ? Optional.of(text(
                            Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)), numbers.group(3)))
                    : Optional.empty();
        } catch (DamagedRecordException foreign) {
            return Optional.empty();
        }
    }

    private boolean isRecent(long millis) {
        Duration age =
                Duration.between(Instant.ofEpochMilli(millis), clock.instant()).abs();
        return age.compareTo(GOOD_FOR) <= 0;
    }

    private static String text(int confirmed, int instances, String millis) {
        String who = confirmed == instances
                ? "All " + instances
                        + " instances that may have cached your session confirmed that they have forgotten it"
                : confirmed + " of " + instances
                        + " instances that may have cached your session confirmed that they have forgotten it, and the"
                        + " leases of the others have run out";
        return (instances == 1 ? "The only instance that may have cached your session has forgotten it" : who)
                + ". It took " + millis + " ms.";
    }
}
