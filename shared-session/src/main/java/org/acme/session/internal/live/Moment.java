package org.acme.session.internal.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Something that happened to a session.
 *
 * @param id the same at every instance; more of the same moment replaces it
 * @param at when this instance heard of it, in milliseconds since 1970
 * @param kind such as {@code signed-in}, {@code known}, {@code refreshed}, {@code ended}
 * @param session its name for people
 * @param instance where it happened
 * @param reason why it ended, or empty
 * @param steps of an end, in order
 * @param measured whether the times are those of the instance that ended it; else they were counted here
 * @param answered whether it is complete
 */
record Moment(
        String id,
        long at,
        String kind,
        String session,
        String instance,
        String reason,
        List<Step> steps,
        boolean measured,
        boolean answered) {

    Moment {
        steps = List.copyOf(steps);
    }

    static Moment of(String id, long at, String kind, String session, String instance) {
        return new Moment(id, at, kind, session, instance, "", List.of(), false, true);
    }

    String json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", id).put("at", at).put("kind", kind).put("session", session);
        json.put("instance", instance).put("reason", reason).put("measured", measured);
        json.put("answered", answered);
        ArrayNode list = json.putArray("steps");
        steps.forEach(step ->
                list.addObject().put("what", step.what()).put("who", step.who()).put("ms", step.ms()));
        return json.toString();
    }

    /**
     * @param what {@code redis}, {@code forgotten}, {@code lease}, {@code provider} or {@code answered}
     * @param who the instance that has forgotten; else empty
     * @param ms since the sign-off was asked for
     */
    record Step(String what, String who, long ms) {}
}
