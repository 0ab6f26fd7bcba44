package org.acme.session.testing;

import io.quarkus.qute.EvalContext;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.TemplateException;
import io.quarkus.qute.ValueResolver;
import java.util.concurrent.CompletionStage;

/**
 * Fails every page of the tests that Qute would render by reflection, which a native executable does not have. It does so where a
 * template's expression has no type at build time: the parameter is not declared, or the template is included without it.
 *
 * <p>No bean, as modules without Qute have this class on their class path, too: each service's tests add one to their engine.
 */
public final class TemplatesWithoutReflection implements ValueResolver {

    private final ValueResolver reflection = new ReflectionValueResolver();

    /** After the generated resolvers (1), before reflection (-1). */
    @Override
    public int getPriority() {
        return 0;
    }

    @Override
    public boolean appliesTo(EvalContext context) {
        return reflection.appliesTo(context);
    }

    @Override
    public CompletionStage<Object> resolve(EvalContext context) {
        throw new TemplateException("No type is known at build time for '" + context.getName() + "' of "
                + context.getBase().getClass().getName() + ": declare the template's parameters");
    }
}
