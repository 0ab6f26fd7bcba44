package org.acme.session.internal.http;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is asked of a sign-in, beyond that there is one.
 *
 * @param maxAge how long ago at most, whole seconds, at least one: nobody could meet less; empty for any
 * @param acrValues in which ways, the preferred one first; empty for any
 */
public record StepUpRequirement(Optional<Duration> maxAge, List<String> acrValues) {

    /** In both protocols a blank stands between values, and in a header a quotation mark around them. */
    private static final Pattern ACR = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

    /** All values together, in characters. What is asked travels in the state, which has a limit of its own. */
    private static final int LONGEST_ACR_VALUES = 500;

    private static final String MAX_AGE = "max_age";
    private static final String ACR_VALUES = "acr_values";

    public StepUpRequirement {
        acrValues = List.copyOf(acrValues);
        if (maxAge.filter(age -> age.toSeconds() < 1).isPresent()) {
            throw new IllegalArgumentException(
                    "A sign-in is never younger than a second when it comes to be looked at");
        }
        if (acrValues.stream().mapToInt(acr -> acr.length() + 1).sum() > LONGEST_ACR_VALUES) {
            throw new IllegalArgumentException("The acr values are longer than " + LONGEST_ACR_VALUES + " characters");
        }
        if (!acrValues.stream().allMatch(acr -> ACR.matcher(acr).matches())) {
            throw new IllegalArgumentException("An acr value has a blank, a quotation mark, or is beyond ASCII");
        }
    }

    /**
     * Read from parameters, as {@link #parameters()} gives them; others are ignored.
     *
     * @throws IllegalArgumentException if they are not what they should be
     */
    public static StepUpRequirement of(Map<String, String> parameters) {
        Optional<Duration> maxAge = Optional.ofNullable(parameters.get(MAX_AGE))
                .map(Integer::valueOf)
                .map(Duration::ofSeconds);
        String acrValues = parameters.getOrDefault(ACR_VALUES, "");
        return new StepUpRequirement(
                maxAge,
                acrValues.isBlank() ? List.of() : List.of(acrValues.trim().split(" +")));
    }

    /** As OIDC Core 1.0, section 3.1.2.1, and RFC 9470, section 3, have them. */
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        maxAge.ifPresent(age -> parameters.put(MAX_AGE, Long.toString(age.toSeconds())));
        if (!acrValues.isEmpty()) {
            parameters.put(ACR_VALUES, String.join(" ", acrValues));
        }
        return parameters;
    }

    /**
     * Whether a sign-in will do.
     *
     * @param authenticated when the user proved who they are; empty when unknown, which is too long ago
     * @param acr in which way; empty when unknown, which is none
     */
    public boolean isMetBy(Optional<Instant> authenticated, Optional<String> acr, Instant now) {
        boolean recent = maxAge.isEmpty()
                || authenticated.filter(now.minus(maxAge.get())::isBefore).isPresent();
        return recent && (acrValues.isEmpty() || acr.filter(acrValues::contains).isPresent());
    }

    /** What is wrong with a sign-in that will not do, in a sentence. */
    String reason() {
        if (!acrValues.isEmpty()) {
            return "This needs a stronger sign-in than yours.";
        }
        long minutes = maxAge.orElse(Duration.ZERO).plusSeconds(59).toMinutes();
        return "This needs a sign-in of the last " + minutes + " minutes, and yours is older.";
    }
}
