package dev.fewbit.runtime.json;

import java.io.IOException;
import java.io.Reader;

/**
 * A pull reader of JSON (RFC 8259) that also takes {@code NaN}, {@code Infinity} and {@code
 * -Infinity}, as Python writes them.
 *
 * <p>The caller walks the text in order: {@link #peek()} says what comes next, {@code begin...},
 * {@link #hasNext()} and {@code end...} walk objects and arrays, {@link #skipValue()} passes over
 * what is of no interest. Memory does not grow with the text. Nesting is limited to {@value
 * #MAXIMUM_DEPTH}, so hostile text cannot exhaust the stack. Not thread-safe.
 */
public final class JsonReader {

    /** Deepest nesting of arrays and objects that is read. */
    public static final int MAXIMUM_DEPTH = 64;

    /** What comes next. */
    public enum Token {
        /** The start of an object. */
        OBJECT,
        /** The start of an array. */
        ARRAY,
        /** A string. */
        STRING,
        /** A number. */
        NUMBER,
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** {@code null}. */
        NULL,
        /** The end of the object or array that is open. */
        END,
        /** The end of the text. */
        DONE
    }

    private final Reader source;
    private final char[] buffer = new char[8192];
    private int length;
    private int position;
    private long consumed;

    private int depth;
    private final boolean[] started = new boolean[MAXIMUM_DEPTH + 1];
    private final StringBuilder text = new StringBuilder();

    /**
     * Reads from a source, which stays the caller's to close.
     *
     * @param source the text
     */
    public JsonReader(Reader source) {
        this.source = source;
    }

    /** Says what comes next, without consuming it. */
    public Token peek() throws IOException {
        int next = nextVisible();
        return switch (next) {
            case -1 -> Token.DONE;
            case '{' -> Token.OBJECT;
            case '[' -> Token.ARRAY;
            case '"' -> Token.STRING;
            case '}', ']' -> Token.END;
            case 't', 'f' -> Token.BOOLEAN;
            case 'n' -> Token.NULL;
            case '-', 'N', 'I', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Token.NUMBER;
            default -> throw error("a JSON value is expected, found '" + (char) next + "'");
        };
    }

    /** Enters an object; {@link #name()} and a value follow while {@link #hasNext()}. */
    public void beginObject() throws IOException {
        open('{', "an object");
    }

    /** Enters an array; values follow while {@link #hasNext()}. */
    public void beginArray() throws IOException {
        open('[', "an array");
    }

    /** Leaves an object. */
    public void endObject() throws IOException {
        close('}');
    }

    /** Leaves an array. */
    public void endArray() throws IOException {
        close(']');
    }

    /** Whether the open object or array has another element; steps over the comma before it. */
    public boolean hasNext() throws IOException {
        int next = nextVisible();
        if (next == '}' || next == ']') {
            return false;
        }
        if (next == -1) {
            throw error("the text ends inside an object or array");
        }
        if (started[depth]) {
            expect(',');
            next = nextVisible();
            if (next == '}' || next == ']') {
                throw error("a value is expected after ',', found '" + (char) next + "'");
            }
        }
        started[depth] = true;
        return true;
    }

    /** Reads the name of the next member of an object. */
    public String name() throws IOException {
        String name = string();
        expect(':');
        return name;
    }

    /** Reads a string. */
    public String string() throws IOException {
        if (nextVisible() != '"') {
            throw error("a string is expected");
        }
        position++;
        text.setLength(0);
        while (true) {
            int next = read();
            switch (next) {
                case '"' -> {
                    return text.toString();
                }
                case '\\' -> text.append(escape());
                case -1 -> throw error("the text ends inside a string");
                default -> text.append((char) next);
            }
        }
    }

    /** Reads a number as it is written. */
    public String number() throws IOException {
        if (peek() != Token.NUMBER) {
            throw error("a number is expected");
        }
        text.setLength(0);
        int next = current();
        while (isNumberPart(next)) {
            text.append((char) next);
            position++;
            next = current();
        }
        return text.toString();
    }

    /** Reads a truth value. */
    public boolean booleanValue() throws IOException {
        if (nextVisible() == 't') {
            word("true");
            return true;
        }
        word("false");
        return false;
    }

    /** Passes over the next value, whatever it is. */
    public void skipValue() throws IOException {
        switch (peek()) {
            case OBJECT -> {
                beginObject();
                while (hasNext()) {
                    name();
                    skipValue();
                }
                endObject();
            }
            case ARRAY -> {
                beginArray();
                while (hasNext()) {
                    skipValue();
                }
                endArray();
            }
            case STRING -> string();
            case NUMBER -> number();
            case BOOLEAN -> booleanValue();
            case NULL -> word("null");
            case END, DONE -> throw error("a value is expected");
        }
    }

    /** Makes an exception that names the place reached. */
    public JsonSyntaxException error(String problem) {
        return new JsonSyntaxException(problem, consumed + position);
    }

    private void open(char bracket, String what) throws IOException {
        if (nextVisible() != bracket) {
            throw error(what + " is expected");
        }
        if (depth == MAXIMUM_DEPTH) {
            throw error("arrays and objects are nested deeper than " + MAXIMUM_DEPTH);
        }
        position++;
        depth++;
        started[depth] = false;
    }

    private void close(char bracket) throws IOException {
        expect(bracket);
        depth--;
    }

    private void expect(char wanted) throws IOException {
        int next = nextVisible();
        if (next != wanted) {
            String found = next == -1 ? "the end of the text" : "'" + (char) next + "'";
            throw error("'" + wanted + "' is expected, found " + found);
        }
        position++;
    }

    private void word(String word) throws IOException {
        for (int i = 0; i < word.length(); i++) {
            if (read() != word.charAt(i)) {
                throw error("'" + word + "' is expected");
            }
        }
    }

    private char escape() throws IOException {
        int kind = read();
        return switch (kind) {
            case '"', '\\', '/' -> (char) kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw error("an escape such as \\n is expected after '\\'");
        };
    }

    private char unicode() throws IOException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(read(), 16);
            if (digit < 0) {
                throw error("four hexadecimal digits are expected after '\\u'");
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }

    private static boolean isNumberPart(int next) {
        return (next >= '0' && next <= '9')
                || next == '-'
                || next == '+'
                || next == '.'
                || (next >= 'a' && next <= 'z')
                || (next >= 'A' && next <= 'Z');
    }

    private int nextVisible() throws IOException {
        int next = current();
        while (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
            position++;
            next = current();
        }
        return next;
    }

    private int read() throws IOException {
        int next = current();
        if (next != -1) {
            position++;
        }
        return next;
    }

    private int current() throws IOException {
        if (position < length) {
            return buffer[position];
        }
        int count = source.read(buffer);
        if (count <= 0) {
            return -1;
        }
        consumed += length;
        length = count;
        position = 0;
        return buffer[0];
    }
}
