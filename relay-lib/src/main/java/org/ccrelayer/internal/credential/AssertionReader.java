package org.ccrelayer.internal.credential;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.ccrelayer.account.FederationCredential.Assertion;
import org.ccrelayer.account.FederationCredential.Assertion.Place;
import org.ccrelayer.account.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Reads assertions where accounts say that they stand. Only what has the form of a signed JWT is ever handed out, so that naming
 * another file or variable sends nothing of it anywhere. Safe for concurrent use; blocks on the file.
 */
public final class AssertionReader {
    /** The most that an exchange takes. */
    private static final int LONGEST = 16 * 1024;

    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private final Function<String, @Nullable String> environment;

    /** Why there is no assertion, without a word of what was read. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1L;

        Missing(String problem) {
            super(requireNonNull(problem, "problem"), null, false, false);
        }

        String problem() {
            return requireNonNull(getMessage());
        }
    }

    /** Reads variables from {@code environment}, which answers null to names it does not know. */
    public AssertionReader(Function<String, @Nullable String> environment) {
        this.environment = requireNonNull(environment, "environment");
    }

    /** The assertion as it is now. */
    Secret read(Assertion assertion) throws Missing {
        boolean inFile = assertion.place() == Place.FILE;
        String text = inFile ? ofFile(assertion.name()) : ofVariable(assertion.name());
        String trimmed = text.strip();
        if (trimmed.length() > LONGEST || !JWT.matcher(trimmed).matches()) {
            throw new Missing(
                    inFile
                            ? "the assertion file holds no signed JWT of at most 16 KiB"
                            : "the assertion variable holds no signed JWT of at most 16 KiB");
        }
        return Secret.of(trimmed);
    }

    private String ofVariable(String name) throws Missing {
        String value = environment.apply(name);
        if (value == null) {
            throw new Missing("the assertion variable is not set");
        }
        return value;
    }

    private static String ofFile(String name) throws Missing {
        try {
            Path path = Path.of(name);
            if (!path.isAbsolute() || !Files.isRegularFile(path)) {
                throw new Missing("the assertion file is not there, or is no regular file");
            }
            try (InputStream in = Files.newInputStream(path)) {
                // One byte more, and the blanks around it, tell what is too long.
                return new String(in.readNBytes(2 * LONGEST), StandardCharsets.ISO_8859_1);
            }
        } catch (IOException | InvalidPathException e) {
            throw new Missing("the assertion file cannot be read");
        }
    }
}
