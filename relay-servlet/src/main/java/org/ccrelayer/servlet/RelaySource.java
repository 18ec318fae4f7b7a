package org.ccrelayer.servlet;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Optional;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;

/** Where a servlet or filter gets its relay from. */
@FunctionalInterface
interface RelaySource {
    /**
     * The relay.
     *
     * @param parameters the init parameters that are left for the relay
     * @throws ServletException where there is none; it says how to give one
     */
    HostedRelay open(ServletContext context, InitParameters parameters) throws ServletException;

    static RelaySource of(Relay relay) {
        requireNonNull(relay, "relay");
        return (context, parameters) -> {
            parameters.refuseLeft("the program gives the relay");
            return HostedRelay.lent(relay);
        };
    }

    static RelaySource of(RelayConfig config) {
        requireNonNull(config, "config");
        return (context, parameters) -> {
            parameters.refuseLeft("the program gives the relay's configuration");
            Optional<String> problem = DataFolder.problem(config, context, Surroundings.ofProcess());
            problem.ifPresent(parameters::problem);
            parameters.refuseProblems();
            return HostedRelay.owned(ContextRelays.start(config));
        };
    }

    static RelaySource ofHost() {
        return (context, parameters) -> of(Surroundings.ofProcess()).open(context, parameters);
    }

    static RelaySource of(Surroundings surroundings) {
        return (context, parameters) -> ContextRelays.of(context).open(parameters, surroundings);
    }
}
