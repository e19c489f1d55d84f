import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints each broken rule of a flavour (ua1, 3a) in the files named after it, once a rule and file, and leaves with 1 when there are any. */
public class VeraPdf {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour wanted = PDFAFlavour.byFlavourId(files[0]);
        boolean compliant = true;
        for (String file : java.util.Arrays.copyOfRange(files, 1, files.length)) {
            try (FileInputStream in = new FileInputStream(file);
                 PDFAParser parser = Foundries.defaultInstance().createParser(in, wanted);
                 PDFAValidator validator = Foundries.defaultInstance().createValidator(wanted, false)) {
                ValidationResult result = validator.validate(parser);
                compliant &= result.isCompliant();
                result.getTestAssertions().stream()
                    .filter(found -> found.getStatus() == TestAssertion.Status.FAILED)
                    .map(found -> found.getRuleId().getClause() + " " + found.getMessage())
                    .distinct().forEach(words -> System.out.println(file + ": " + words));
                if (result.getTestAssertions().isEmpty() && !result.isCompliant()) System.out.println(file + ": broken");
            }
        }
        System.exit(compliant ? 0 : 1);
    }
}
