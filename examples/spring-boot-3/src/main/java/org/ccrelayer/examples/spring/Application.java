package org.ccrelayer.examples.spring;

import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.servlet.RelayFilter;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application with pages of its own and a relay below {@code /claude}. */
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

    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }
}
