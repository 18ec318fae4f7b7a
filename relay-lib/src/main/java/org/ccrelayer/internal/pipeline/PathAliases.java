package org.ccrelayer.internal.pipeline;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Prefixes below which every path of the relay is served as well, but not those of its administration. They are compared literally, the
 * longest first, and one of them at most is taken away. Immutable.
 *
 * @param prefixes the prefixes, the longest first
 */
public record PathAliases(List<String> prefixes) {
    /** What a path may be made of that is compared undecoded; a segment of dots alone would lead elsewhere. */
    private static final Pattern PREFIX = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~!$&'()+=:@-]+)+");

    private static final Pattern ADMINISTRATION = Pattern.compile("/admin(/.*)?");

    public PathAliases {
        prefixes = prefixes.stream()
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** The prefixes in a setting, with commas between them; none in an empty text. */
    public static PathAliases of(String setting) {
        return new PathAliases(split(setting).toList());
    }

    private static Stream<String> split(String setting) {
        return setting.isEmpty()
                ? Stream.empty()
                : Stream.of(setting.split(",", -1)).map(String::strip);
    }

    /** What is wrong with a setting, if anything is. */
    public static Optional<String> problem(String setting) {
        if (!split(setting).allMatch(prefix -> PREFIX.matcher(prefix).matches())) {
            return Optional.of(
                    "must be paths with commas between them, such as /api,/claude: a slash before each segment and"
                            + " none at the end, segments of letters, digits and -._~!$&'()+=:@, as clients send them");
        }
        return split(setting).anyMatch(prefix -> ADMINISTRATION.matcher(prefix).matches())
                ? Optional.of("must have no /admin, below which the administration stands")
                : Optional.empty();
    }

    /** The path behind the prefix that it begins with; as it is where it begins with none. */
    String without(String path) {
        for (String prefix : prefixes) {
            if (path.equals(prefix)) {
                return "/";
            }
            if (path.startsWith(prefix) && path.charAt(prefix.length()) == '/') {
                return path.substring(prefix.length());
            }
        }
        return path;
    }
}
