package org.ccrelayer.examples.security;

import jakarta.servlet.DispatcherType;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.servlet.RelayFilter;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application whose own pages need a login, and a relay below {@code /claude} that needs its relay keys only. */
@SpringBootApplication
@RestController
public class Application {
    @GetMapping("/hello")
    String hello() {
        return "Hello from the application.";
    }

    @Bean(destroyMethod = "close")
    Relay relay(Environment environment) {
        return Relay.start(RelayConfig.builder()
                .lookUp(name -> environment.getProperty("relay." + name))
                .build());
    }

    @Bean
    FilterRegistrationBean<RelayFilter> relayFilter(Relay relay) {
        var filter = new FilterRegistrationBean<>(new RelayFilter(relay));
        filter.addInitParameter("prefix", "/claude");
        return filter;
    }

    @Bean
    @Order(1)
    SecurityFilterChain relayPaths(HttpSecurity http) throws Exception {
        return http.securityMatcher("/claude/**")
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(csrf -> csrf.disable())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain ownPages(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .httpBasic(Customizer.withDefaults())
                .build();
    }

    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }
}
