package org.ccrelayer;

import java.util.List;

/** A configuration that cannot be used. Tells every problem at once, each naming its setting; quotes no secret. */
public final class RelayConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String[] problems;

    RelayConfigException(List<String> problems) {
        super("the configuration has " + problems.size() + (problems.size() == 1 ? " problem" : " problems") + ": "
                + String.join("; ", problems));
        this.problems = problems.toArray(String[]::new);
    }

    /** One sentence per problem. */
    public List<String> problems() {
        return List.of(problems);
    }
}
