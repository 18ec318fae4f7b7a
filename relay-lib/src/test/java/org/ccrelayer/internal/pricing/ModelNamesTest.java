package org.ccrelayer.internal.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which model a name means. */
class ModelNamesTest {
    private final ModelPrices prices = CurrentPrices.bundled().table();

    static Stream<Arguments> listedNames() {
        return PriceFiles.bundled().objects("models").stream()
                .flatMap(model -> names(model).map(name -> Arguments.of(name, id(model))));
    }

    private static Stream<String> names(JsonObject model) {
        return Stream.concat(
                Stream.of(id(model)),
                Stream.of("aliases", "other_known_names", "bedrock_ids", "vertex_ids")
                        .flatMap(field -> model.strings(field).orElse(List.of()).stream()));
    }

    private static String id(JsonObject model) {
        return model.string("id").orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("listedNames")
    void everyListedNameMeansItsModelInAnyCase(String name, String id) {
        assertThat(prices.canonicalId(name)).isEqualTo(id);
        assertThat(prices.canonicalId(name.toUpperCase(Locale.ROOT))).isEqualTo(id);
    }

    @ParameterizedTest
    @MethodSource("listedNames")
    void everyListedNameStaysClearInsidePlatformSpellings(String name, String id) {
        assertThat(prices.canonicalId(name + "[1m]")).isEqualTo(id);
        if (name.startsWith("anthropic.")) {
            assertThat(prices.canonicalId("us." + name)).isEqualTo(id);
            assertThat(prices.canonicalId("arn:aws:bedrock:us-east-1::foundation-model/" + name))
                    .isEqualTo(id);
        }
    }

    @Test
    void allTwentySevenModelsAreThere() {
        assertThat(listedNames().map(arguments -> arguments.get()[1]).distinct())
                .hasSize(27);
    }

    @ParameterizedTest
    @CsvSource({
        // Scope, then vendor.
        "global.anthropic.claude-opus-5-5, claude-opus-5-5",
        "us.anthropic.claude-opus-5, claude-opus-5",
        "eu.anthropic.claude-opus-5, claude-opus-5",
        "jp.anthropic.claude-sonnet-5-5, claude-sonnet-5-5",
        "apac.anthropic.claude-sonnet-4-20250514-v1:0, claude-sonnet-4-20250514",
        "au.anthropic.claude-haiku-4-5-20251001-v1:0, claude-haiku-4-5-20251001",
        "us.claude-opus-5, claude-opus-5",
        // ARN.
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1, claude-opus-4-6",
        // The long-context mark.
        "claude-sonnet-4-5[1m], claude-sonnet-4-5-20250929",
        "us.anthropic.claude-opus-4-6-v1[1m], claude-opus-4-6",
        // The at sign.
        "claude-opus-4-5@20251101[1m], claude-opus-4-5-20251101",
        "claude-opus-5@20260724, claude-opus-5",
        // The version.
        "anthropic.claude-opus-5-v1, claude-opus-5",
        "anthropic.claude-opus-5-v12:34, claude-opus-5",
        "anthropic.claude-3-5-sonnet-20241022-v2:0, claude-3-5-sonnet-20241022",
        // The date.
        "claude-opus-5-5-20261231, claude-opus-5-5",
        "claude-sonnet-4-5-20990101, claude-sonnet-4-5-20250929",
        "eu.anthropic.claude-fable-5-1-20260901-v1:0, claude-fable-5-1",
    })
    void otherSpellingsAreNormalised(String name, String id) {
        assertThat(prices.canonicalId(name)).isEqualTo(id);
    }

    @Test
    void aShorterNameIsNotAPrefixMatch() {
        assertThat(prices.canonicalId("claude-opus-5")).isEqualTo("claude-opus-5");
        assertThat(prices.canonicalId("claude-opus-5-5")).isEqualTo("claude-opus-5-5");
        assertThat(prices.canonicalId("claude-fable-5")).isEqualTo("claude-fable-5");
        assertThat(prices.canonicalId("claude-fable-5-1")).isEqualTo("claude-fable-5-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claude-opus-5-6",
                "claude-opus-5-5-fast",
                "claude-opus",
                "claude-opus-5-2026072",
                "claude-opus-5-202607244",
                "claude-3-5-sonnet-20240999",
                "claude-opus-5-v",
                "claude-opus-5-v1:",
                "claude-opus-5-v1:x",
                "claude-opus-5-vx",
                "uk.anthropic.claude-opus-5",
                "anthropic.us.claude-opus-5",
                "models/claude-opus-5",
                "[1m]",
                "-20260101",
                "-v1",
                "arn:",
                "arn:/",
                "anthropic.",
                "",
            })
    void anythingElseIsUnknownAndKeepsItsName(String name) {
        assertThat(prices.find(name)).isEmpty();
        assertThat(prices.canonicalId(name)).isEqualTo(name);
    }

    @Test
    void aModelTellsItsFamilyAndLimits() {
        assertThat(prices.find("us.anthropic.claude-sonnet-4-5-20250929-v1:0"))
                .contains(new PricedModel(
                        "claude-sonnet-4-5-20250929", "Claude Sonnet 4.5", "sonnet", 200_000L, 64_000L));
        assertThat(prices.find("claude-3-haiku-20240307"))
                .contains(new PricedModel("claude-3-haiku-20240307", "Claude Haiku 3", "haiku", 200_000L, null));
    }
}
