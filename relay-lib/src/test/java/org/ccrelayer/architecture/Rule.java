package org.ccrelayer.architecture;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** One rule of the house: a name, and which dependencies break it. */
record Rule(String name, Predicate<Dependency> forbids) {
    private static final String BASE = "org.ccrelayer";
    private static final String INTERNAL = BASE + ".internal.";

    /** What each stage may know of the relay's internals beside the public nouns: support, and hand-over values. */
    private static final Map<String, Set<String>> STAGES = Map.ofEntries(
            Map.entry("json", Set.of()),
            Map.entry("crypto", Set.of()),
            Map.entry("names", Set.of()),
            Map.entry("threads", Set.of()),
            Map.entry("envelope", Set.of("json")),
            Map.entry("authentication", Set.of("crypto")),
            Map.entry("admission", Set.of("envelope")),
            Map.entry("routing", Set.of("envelope", "health")),
            Map.entry("credential", Set.of("crypto", "json")),
            Map.entry("outbound", Set.of("credential", "json")),
            Map.entry("network", Set.of()),
            Map.entry("certificates", Set.of()),
            Map.entry("upstream", Set.of("outbound", "network", "certificates", "threads")),
            Map.entry("metering", Set.of("json")),
            Map.entry("pricing", Set.of("json")),
            Map.entry("settlement", Set.of()),
            Map.entry("health", Set.of("json")),
            Map.entry("admin", Set.of("json", "crypto", "names", "network", "certificates")),
            Map.entry("store.embedded", Set.of("json", "threads")),
            Map.entry("store.redis", Set.of("json", "threads", "store.embedded")),
            Map.entry(
                    "pipeline",
                    Set.of(
                            "json",
                            "envelope",
                            "authentication",
                            "admission",
                            "routing",
                            "credential",
                            "outbound",
                            "upstream",
                            "metering",
                            "settlement",
                            "health")));

    static List<Rule> all() {
        return List.of(
                new Rule("public-never-imports-internal", Rule::publicUsesInternal),
                new Rule("nobody-imports-the-root", Rule::usesRoot),
                new Rule("stages-know-nouns-only", Rule::stageUsesStage),
                new Rule("only-pipeline-sees-the-stages", Rule::unlistedPackage),
                new Rule("no-servlet", dependency -> dependency.to().startsWith("jakarta.servlet")),
                library("lettuce-only-in-store-redis", "io.lettuce.", "store.redis"),
                library("mvstore-only-in-store-embedded", "org.h2.", "store.embedded"),
                library("jetty-client-only-in-upstream", "org.eclipse.jetty.client.", "upstream"),
                library("bouncycastle-only-in-credential-and-upstream", "org.bouncycastle.", "credential", "upstream"),
                library("jjwt-only-in-admin", "io.jsonwebtoken.", "admin"),
                library("jackson-only-in-json", "com.fasterxml.jackson.", "json"));
    }

    private static Rule library(String name, String prefix, String... homes) {
        return new Rule(
                name,
                dependency -> dependency.to().startsWith(prefix)
                        && List.of(homes).stream()
                                .noneMatch(home -> dependency.fromPackage().equals(INTERNAL + home)));
    }

    private static boolean publicUsesInternal(Dependency dependency) {
        return isOurs(dependency.fromPackage())
                && !dependency.fromPackage().equals(BASE)
                && !dependency.fromPackage().startsWith(INTERNAL)
                && dependency.to().startsWith(INTERNAL);
    }

    private static boolean usesRoot(Dependency dependency) {
        return dependency.toPackage().equals(BASE) && !dependency.fromPackage().equals(BASE);
    }

    private static boolean stageUsesStage(Dependency dependency) {
        String from = stage(dependency.fromPackage());
        String to = stage(dependency.toPackage());
        return !from.isEmpty()
                && !to.isEmpty()
                && !from.equals(to)
                && STAGES.containsKey(from)
                && !STAGES.get(from).contains(to);
    }

    private static boolean unlistedPackage(Dependency dependency) {
        String from = stage(dependency.fromPackage());
        return !from.isEmpty() && !STAGES.containsKey(from);
    }

    private static String stage(String packageName) {
        return packageName.startsWith(INTERNAL) ? packageName.substring(INTERNAL.length()) : "";
    }

    private static boolean isOurs(String packageName) {
        return packageName.equals(BASE) || packageName.startsWith(BASE + ".");
    }
}
