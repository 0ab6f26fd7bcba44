package org.acme.benchmark;

import java.util.Map;

/**
 * Signs people off and asks every instance afterwards. Run by infra/bench.
 *
 * <p>A violation is a request that was sent after the answer to the sign-off and is accepted.
 */
public final class SignOffs {

    public static void main(String... arguments) {
        try {
            run(arguments);
            System.exit(0); // Vert.x stays otherwise
        } catch (RuntimeException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(String... arguments) {
        Map<String, String> env = System.getenv();
        People people = new People(env);
        Fleet fleet = new Fleet(env);
        if (arguments[0].equals("faults")) {
            new Faults(people, fleet, env).run();
        } else {
            new Measurement(people, fleet)
                    .run(
                            arguments[1],
                            Integer.parseInt(arguments[2]),
                            Integer.parseInt(arguments[3]),
                            Integer.parseInt(arguments[4]),
                            Integer.parseInt(arguments[5]));
        }
    }
}
