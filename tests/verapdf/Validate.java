// Validates PDFs with veraPDF: java -cp … Validate.java FLAVOUR,... FILE...   (flavours: 3u is PDF/A-3u, ua1 is PDF/UA-1)
// Each file is parsed once for all flavours. Prints a line for each file and flavour: PASS or FAIL, the flavour, the file,
// and for a failure each broken rule with how often and where first.

import java.io.FileInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
        List<PDFAFlavour> flavours = new ArrayList<>();
        for (String name : arguments[0].split(",")) {
            flavours.add(PDFAFlavour.fromString(name));
        }
        for (int number = 1; number < arguments.length; number++) {
            validate(flavours, arguments[number]);
        }
    }

    private static void validate(List<PDFAFlavour> flavours, String file) throws Exception {
        try (InputStream stream = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavours.get(0));
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavours)) {
            for (ValidationResult result : validator.validateAll(parser)) {
                String subject = "\t" + result.getPDFAFlavour().getId() + "\t" + file;
                System.out.println(result.isCompliant() ? "PASS" + subject : "FAIL" + subject + "\t" + broken(result));
            }
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
