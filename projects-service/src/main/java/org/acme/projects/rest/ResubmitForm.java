package org.acme.projects.rest;

import java.util.List;

/**
 * A form that could not be saved, as it was typed: sent again, it does what it should have done.
 *
 * @param action where it was sent
 * @param fields what it held
 */
record ResubmitForm(String action, List<Field> fields) {

    ResubmitForm {
        fields = List.copyOf(fields);
    }

    /** @param label empty for what people did not type */
    record Field(String name, String label, String value, boolean lines) {

        static Field hidden(String name, String value) {
            return new Field(name, "", text(value), false);
        }

        static Field line(String name, String label, String value) {
            return new Field(name, label, text(value), false);
        }

        static Field lines(String name, String label, String value) {
            return new Field(name, label, text(value), true);
        }

        private static String text(String value) {
            return value == null ? "" : value;
        }
    }
}
