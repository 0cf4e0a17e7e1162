package io.orrery.engine.template;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@code datetime.strftime} in the C locale, of a time without a zone; what is no directive stays as it is. */
final class Strftime {
    private Strftime() {}

    static String format(LocalDateTime time, String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            boolean unpadded = format.charAt(i + 1) == '-' && i + 2 < format.length();
            i += unpadded ? 2 : 1;
            String field = field(time, format.charAt(i));
            boolean unknown = field.equals("%" + format.charAt(i));
            String text = unknown ? "%-" + format.charAt(i) : field.replaceFirst("^0+(?=.)", "");
            out.append(unpadded ? text : field);
            Limits.text(out.length());
        }
        return out.toString();
    }

    private static String field(LocalDateTime time, char code) {
        return switch (code) {
            case 'Y' -> pattern(time, "yyyy");
            case 'y' -> pattern(time, "yy");
            case 'm' -> pattern(time, "MM");
            case 'd' -> pattern(time, "dd");
            case 'e' -> String.format("%2d", time.getDayOfMonth());
            case 'B' -> pattern(time, "MMMM");
            case 'b', 'h' -> pattern(time, "MMM");
            case 'A' -> pattern(time, "EEEE");
            case 'a' -> pattern(time, "EEE");
            case 'H' -> pattern(time, "HH");
            case 'I' -> pattern(time, "hh");
            case 'M' -> pattern(time, "mm");
            case 'S' -> pattern(time, "ss");
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'f' -> pattern(time, "SSSSSS");
            case 'j' -> pattern(time, "DDD");
            case 'w' -> String.valueOf(time.getDayOfWeek().getValue() % 7);
            case 'u' -> String.valueOf(time.getDayOfWeek().getValue());
            case 'F' -> pattern(time, "yyyy-MM-dd");
            case 'T', 'X' -> pattern(time, "HH:mm:ss");
            case 'R' -> pattern(time, "HH:mm");
            case 'D', 'x' -> pattern(time, "MM/dd/yy");
            case 'c' -> pattern(time, "EEE MMM ") + field(time, 'e') + pattern(time, " HH:mm:ss yyyy");
            case 'Z', 'z' -> "";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> "%" + code;
        };
    }

    private static String pattern(LocalDateTime time, String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
    }
}
