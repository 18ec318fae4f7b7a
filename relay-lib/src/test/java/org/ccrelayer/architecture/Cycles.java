package org.ccrelayer.architecture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds packages that use each other in a circle. */
final class Cycles {
    private Cycles() {}

    static List<String> among(Collection<Dependency> dependencies) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (Dependency dependency : dependencies) {
            if (dependency.fromPackage().startsWith("org.ccrelayer")
                    && dependency.toPackage().startsWith("org.ccrelayer")
                    && !dependency.fromPackage().equals(dependency.toPackage())) {
                uses.computeIfAbsent(dependency.fromPackage(), name -> new TreeSet<>())
                        .add(dependency.toPackage());
            }
        }
        List<String> found = new ArrayList<>();
        for (String start : uses.keySet()) {
            if (reachable(start, uses).contains(start)) {
                found.add(start);
            }
        }
        return found;
    }

    private static Set<String> reachable(String start, Map<String, Set<String>> uses) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(uses.getOrDefault(start, Set.of()));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (seen.add(next)) {
                open.addAll(uses.getOrDefault(next, Set.of()));
            }
        }
        return seen;
    }
}
