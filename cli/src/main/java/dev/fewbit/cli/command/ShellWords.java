package dev.fewbit.cli.command;

import dev.fewbit.cli.terminal.Printable;

import java.nio.file.Path;

/** Paths in commands that people will copy. */
final class ShellWords {

    private ShellWords() {}

    /** The path as one word of a POSIX shell. */
    static String quoted(Path path) {
        String text = path.toString();
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            boolean plain =
                    Character.isLetterOrDigit(character) || "._-/+=:@%,".indexOf(character) >= 0;
            if (!plain) {
                return "'" + Printable.of(text.replace("'", "'\\''")) + "'";
            }
        }
        return text;
    }
}
