package dev.fewbit.cli;

import dev.fewbit.cli.terminal.Page;
import dev.fewbit.cli.terminal.Printable;
import dev.fewbit.cli.terminal.Style;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The help of a command, laid out for the terminal that it is read in: names and explanations side
 * by side, or one under the other where it is narrow.
 */
final class HelpText {

    /** In fewer columns than this, explanations go under the names. */
    private static final int SIDE_BY_SIDE = 64;

    private static final int WIDEST_NAME = 22;

    private final Page page;

    private HelpText(Page page) {
        this.page = page;
    }

    static void print(CommandSpec command, Page page) {
        new HelpText(page).print(command);
    }

    private void print(CommandSpec command) {
        UsageMessageSpec usage = command.usageMessage();
        for (String line : usage.header()) {
            page.prose(Style.STRONG, "", line);
        }
        for (String line : usage.customSynopsis()) {
            page.labelled("", Style.FAINT, "Usage:", line);
        }
        for (String line : usage.description()) {
            page.line();
            page.prose("", line);
        }
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        sections.put("Commands", commands(command));
        sections.put("Arguments", arguments(command));
        sections.put("Options", options(ungrouped(command)));
        for (ArgGroupSpec group : command.argGroups()) {
            sections.put(group.heading(), options(group.options()));
        }
        int column = nameColumn(sections.values());
        sections.forEach((heading, rows) -> definitions(heading, rows, column));
        if (usage.footer().length > 0) {
            page.heading("Examples");
        }
        for (String line : usage.footer()) {
            page.line(line);
        }
    }

    private static Map<String, String> commands(CommandSpec command) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (Map.Entry<String, CommandLine> entry : command.subcommands().entrySet()) {
            UsageMessageSpec usage = entry.getValue().getCommandSpec().usageMessage();
            if (!usage.hidden()) {
                rows.put(entry.getKey(), String.join(" ", usage.header()));
            }
        }
        return rows;
    }

    private static Map<String, String> arguments(CommandSpec command) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (ArgSpec argument : command.positionalParameters()) {
            rows.put(argument.paramLabel(), String.join(" ", argument.description()));
        }
        return rows;
    }

    private static List<OptionSpec> ungrouped(CommandSpec command) {
        List<OptionSpec> options = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            if (option.group() == null) {
                options.add(option);
            }
        }
        return options;
    }

    private static Map<String, String> options(List<OptionSpec> options) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (OptionSpec option : options) {
            String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
            String names = String.join(", ", option.names());
            // Long names stand under each other, with the place of a short one before them.
            String indent = names.startsWith("--") ? "    " : "";
            rows.put(indent + names + value, String.join(" ", option.description()));
        }
        return rows;
    }

    /** One width for all sections, so that the explanations stand under each other. */
    private static int nameColumn(Collection<Map<String, String>> sections) {
        int widest = 0;
        for (Map<String, String> rows : sections) {
            for (String name : rows.keySet()) {
                widest = Math.max(widest, Printable.width(name));
            }
        }
        return Math.min(widest, WIDEST_NAME);
    }

    private void definitions(String heading, Map<String, String> rows, int column) {
        if (rows.isEmpty()) {
            return;
        }
        page.heading(heading);
        boolean under = page.columns() < SIDE_BY_SIDE;
        rows.forEach(
                (name, explanation) -> {
                    if (under) {
                        page.line("  " + page.paint(Style.COMMAND, name.strip()));
                        page.prose("    ", explanation);
                    } else {
                        sideBySide(name, explanation, column);
                    }
                });
    }

    private void sideBySide(String name, String explanation, int column) {
        String indent = " ".repeat(column + 4);
        List<String> lines = page.wrapped(explanation, indent.length());
        String padding = " ".repeat(Math.max(0, column - Printable.width(name)));
        boolean fits = Printable.width(name) <= column;
        String lead = "  " + page.paint(Style.COMMAND, name) + padding;
        page.line(fits ? lead + "  " + lines.getFirst() : lead);
        for (String line : fits ? lines.subList(1, lines.size()) : lines) {
            page.line(indent + line);
        }
    }
}
