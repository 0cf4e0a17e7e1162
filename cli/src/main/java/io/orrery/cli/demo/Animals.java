package io.orrery.cli.demo;

import java.util.List;

/** Words that made-up animals are made of, and the wordings in which facts about them are told and asked. */
final class Animals {
    /** @param taught questions to learn from @param heldOut the wording that is kept for the examination */
    record Fact(List<String> taught, String heldOut) {}

    static final List<String> HEADS =
            List.of("bl", "cr", "dr", "fl", "gr", "kl", "m", "n", "pl", "qu", "sn", "tr", "v", "w", "z");
    static final List<String> MIDDLES =
            List.of("ab", "eb", "ib", "ol", "um", "an", "or", "ink", "ast", "ev", "ump", "arl");
    static final List<String> TAILS = List.of("le", "o", "ix", "a", "er", "y", "un", "ot");

    static final List<String> FOODS = List.of(
            "moss", "honey", "roots", "snails", "clover", "acorns", "kelp", "crumbs", "nettles", "mud", "seeds", "figs",
            "ants", "cheese", "dew", "bark", "lemons", "rice", "worms", "salt", "plums", "chalk", "grass", "nuts",
            "leaves", "corn", "beans", "shrimp", "petals", "ice", "pears", "wax", "dust", "beets", "thorns", "soap",
            "wool", "limes", "oats", "sand");
    static final List<String> HOMES = List.of(
            "caves",
            "attics",
            "swamps",
            "clocks",
            "chimneys",
            "dunes",
            "canals",
            "barns",
            "tunnels",
            "reefs",
            "hedges",
            "wells",
            "towers",
            "boots",
            "cellars",
            "craters",
            "lakes",
            "forests",
            "bottles",
            "ruins",
            "geysers",
            "nests",
            "meadows",
            "pianos",
            "cliffs",
            "islands",
            "mills",
            "gardens",
            "glaciers",
            "drawers",
            "harbours",
            "stables",
            "rivers",
            "castles",
            "lanterns",
            "valleys",
            "baskets",
            "kettles",
            "bridges",
            "orchards");

    static final Fact EATS = new Fact(
            List.of(
                    "What does the %s eat?",
                    "What does a %s eat?",
                    "Tell me what the %s eats.",
                    "Name the food of the %s.",
                    "What food does a %s want?",
                    "The %s is hungry. What does it eat?",
                    "What is the food of a %s?",
                    "I have a %s. What should it eat?",
                    "Say what a %s likes to eat.",
                    "What do we feed the %s?",
                    "Which food is for the %s?",
                    "A hungry %s wants which food?",
                    "What should I feed a %s?",
                    "The %s looks for food. What is it?",
                    "Which meal does a %s like?",
                    "For the %s, which food do I take?",
                    "Food for a %s, please.",
                    "What would the %s like to eat?",
                    "Do you know what the %s eats?",
                    "Which dish makes a %s happy?"),
            "Which food does the %s eat?");
    static final Fact LIVES = new Fact(
            List.of(
                    "Where does the %s live?",
                    "Where does a %s live?",
                    "Tell me where the %s lives.",
                    "Name the home of the %s.",
                    "What home does a %s want?",
                    "The %s is tired. Where does it live?",
                    "What is the home of a %s?",
                    "I have a %s. Where should it live?",
                    "Say where a %s likes to live.",
                    "Where do we look for the %s?",
                    "Which home is for the %s?",
                    "A tired %s wants which home?",
                    "Where should I keep a %s?",
                    "The %s looks for a home. Where is it?",
                    "Which place does a %s like?",
                    "For the %s, which home do I build?",
                    "A home for a %s, please.",
                    "Where would the %s like to live?",
                    "Do you know where the %s lives?",
                    "Which place makes a %s happy?"),
            "Which home does the %s like?");

    private Animals() {}
}
