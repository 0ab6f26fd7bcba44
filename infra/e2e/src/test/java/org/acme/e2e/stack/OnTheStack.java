package org.acme.e2e.stack;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test the {@link Stack}: started by the first test that wants it, stopped when the launcher session ends.
 */
public final class OnTheStack implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(OnTheStack.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Stack.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                .computeIfAbsent("stack", key -> new Start(), Start.class)
                .stack();
    }

    /** A stack that did not come up fails every test with the same reason, and is not tried again for each of them. */
    private static final class Start implements AutoCloseable {

        private Stack stack;
        private RuntimeException failure;

        Start() {
            try {
                stack = Stack.start();
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        Stack stack() {
            if (failure != null) {
                throw new IllegalStateException("The stack did not start: " + failure.getMessage(), failure);
            }
            return stack;
        }

        @Override
        public void close() {
            if (stack != null) {
                stack.close();
            }
        }
    }
}
