package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What relay keys are for, and lives of hours, over HTTP and from Java. */
class KeyAccessApiTest {
    private static final String FIELDS = "\"permissions\":[\"claude\",\"gemini\"],\"allowedClients\":[\"claude_code\"],"
            + "\"serviceRates\":{\"claude\":1.5,\"gemini\":0}";
    private static final KeyAccess ACCESS = new KeyAccess(
            Set.of("claude", "gemini"),
            Set.of("claude_code"),
            new ServiceRates(Map.of("claude", new BigDecimal("1.5"), "gemini", BigDecimal.ZERO)));

    private final AdminFixture admin = new AdminFixture();

    @AfterEach
    void close() {
        admin.close();
    }

    private String create(String fields) {
        String body = "{\"name\":\"k\"" + (fields.isEmpty() ? "" : "," + fields) + "}";
        AdminResponse response = admin.asAdmin("POST", "/admin/keys", body);
        assertThat(response.status()).isEqualTo(201);
        return AdminFixture.object(response).string("id").orElseThrow();
    }

    private JsonObject change(String id, String fields) {
        AdminResponse response = admin.asAdmin("PUT", "/admin/keys/" + id, "{" + fields + "}");
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(200);
        return AdminFixture.object(response);
    }

    private ApiKey kept(String id) {
        return admin.store.apiKeys().find(id).orElseThrow();
    }

    @Test
    void what_a_key_is_for_is_kept_and_shown() {
        String id = create(FIELDS);
        assertThat(kept(id).access()).isEqualTo(ACCESS);
        assertThat(AdminFixture.text(admin.asAdmin("GET", "/admin/keys", ""))).contains("," + FIELDS + "}]");
        String other = create("");
        assertThat(kept(other).access()).isEqualTo(KeyAccess.ALL);
        assertThat(change(other, FIELDS).toString()).contains(FIELDS);
        assertThat(kept(other).access()).isEqualTo(ACCESS);
    }

    @Test
    void what_a_change_does_not_name_stays_and_what_is_empty_is_taken_away() {
        String id = create(FIELDS);
        change(id, "\"permissions\":null,\"allowedClients\":null,\"serviceRates\":null,\"enabled\":true");
        assertThat(kept(id).access()).isEqualTo(ACCESS);
        change(id, "\"allowedClients\":[]");
        assertThat(kept(id).access()).isEqualTo(new KeyAccess(ACCESS.services(), null, ACCESS.rates()));
        change(id, "\"permissions\":[],\"serviceRates\":{}");
        assertThat(kept(id).access()).isEqualTo(KeyAccess.ALL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"permissions\":[\"all\"]|permissions: must name services, such as claude; an empty list means all",
                "\"permissions\":[\"a b\"]|permissions: each must be 1 to 100",
                "\"permissions\":\"claude\"|permissions: must be",
                "\"allowedClients\":[\"\"]|allowedClients: each must be 1 to 100",
                "\"serviceRates\":{\"claude\":-1}|serviceRates: each must be a number from 0 to 1000",
                "\"serviceRates\":{\"claude\":1e999999999}|serviceRates: each must be a number from 0 to 1000",
                "\"serviceRates\":{\"claude\":1e-10}|serviceRates: each must be a number from 0 to 1000",
                "\"serviceRates\":{\"claude\":\"x\"}|serviceRates: must be an object whose values are numbers",
                "\"serviceRates\":{\"\":1}|serviceRates: the name of a service must be 1 to 100",
                "\"serviceRates\":[]|serviceRates: must be",
                "\"activationHours\":87601|activationHours: must be a whole number from 0 to 87600",
                "\"activationHours\":1,\"activationDays\":1|activationHours: cannot be set together with activationDays"
            })
    void a_bad_value_is_refused_with_its_field_and_changes_nothing(String fields, String problem) {
        assertThat(AdminFixture.error(
                        admin.asAdmin("POST", "/admin/keys", "{\"name\":\"k\"," + fields + "}"),
                        400,
                        "invalid_request_error"))
                .startsWith(problem);
        String id = create(FIELDS);
        assertThat(AdminFixture.error(
                        admin.asAdmin("PUT", "/admin/keys/" + id, "{" + fields + "}"), 400, "invalid_request_error"))
                .startsWith(problem);
        assertThat(kept(id).access()).isEqualTo(ACCESS);
    }

    @Test
    void from_java_the_same_is_refused() {
        KeyAccess bad = new KeyAccess(Set.of("all"), Set.of("a b"), ServiceRates.NONE);
        assertThatThrownBy(
                        () -> admin.administration.createKey(NewKey.named("k").withAccess(bad)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("permissions: must name services")
                .hasMessageContaining("allowedClients: each must be");
        String id = admin.administration
                .createKey(NewKey.named("k").withAccess(ACCESS))
                .key()
                .id();
        assertThatThrownBy(() -> admin.administration.changeKey(id, KeyChange.ofAccess(old -> bad)))
                .hasMessageContaining("permissions: must name services");
        assertThat(kept(id).access()).isEqualTo(ACCESS);
    }

    @Test
    void a_life_of_hours_is_kept_shown_and_exchanged_for_one_of_days() {
        String id = create("\"activationHours\":12");
        assertThat(kept(id).activation()).isEqualTo(new Activation(12, Activation.Unit.HOURS, null));
        JsonObject days = change(id, "\"activationDays\":2,\"activationHours\":0");
        assertThat(days.integer("activationDays")).contains(2L);
        assertThat(days.integer("activationHours")).contains(0L);
        JsonObject hours = change(id, "\"activationDays\":0,\"activationHours\":3");
        assertThat(hours.integer("activationDays")).contains(0L);
        assertThat(hours.integer("activationHours")).contains(3L);
        change(id, "\"activationHours\":0");
        assertThat(kept(id).activation()).isEqualTo(Activation.NONE);
    }

    @Test
    void the_end_of_a_used_key_moves_with_its_hours() {
        String id = create("\"activationHours\":12");
        admin.store.apiKeys().update(id, key -> key.activatedAt(admin.time.instant()));
        admin.time.move(Duration.ofHours(1));
        assertThat(change(id, "\"activationHours\":24").string("expiresAt")).contains("2026-11-23T10:00:00Z");
        assertThat(change(id, "\"activationHours\":24").string("expiresAt")).contains("2026-11-23T10:00:00Z");
        assertThat(change(id, "\"activationHours\":0").string("expiresAt")).isEmpty();
    }
}
