// Validates PDFs with veraPDF: java -cp … Validate.java FLAVOUR FILE...   (flavours: 3u is PDF/A-3u, ua1 is PDF/UA-1)
// Prints a line for each file: PASS or FAIL, the file, and for a failure each broken rule with how often and where first.

import java.io.FileInputStream;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public final class Validate {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.fromString(arguments[0]);
        for (int number = 1; number < arguments.length; number++) {
            System.out.println(verdict(flavour, arguments[number]));
        }
    }

    private static String verdict(PDFAFlavour flavour, String file) throws Exception {
        try (InputStream stream = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            return result.isCompliant() ? "PASS\t" + file : "FAIL\t" + file + "\t" + broken(result);
        }
    }

    private static String broken(ValidationResult result) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        Map<String, String> first = new LinkedHashMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                counts.merge(rule, 1, Integer::sum);
                first.putIfAbsent(rule, assertion.getMessage() + " at " + assertion.getLocation().getContext());
            }
        }
        StringBuilder text = new StringBuilder();
        counts.forEach((rule, count) -> text.append(rule + " x" + count + ": " + first.get(rule) + "; "));
        return text.toString().replace('\n', ' ').replace('\t', ' ');
    }
}
