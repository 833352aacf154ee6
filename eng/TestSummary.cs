#:property PublishAot=false

// Adds up what `dotnet test` left in a folder: lines of src that any test project covered (cobertura), and the counts
// of tests (trx). Usage: dotnet run eng/TestSummary.cs -- FOLDER MINIMAL_PERCENT|none
using System.Globalization;
using System.Xml.Linq;

var folder = args[0];
var isCovered = args[1] == "none" || ReportCoverage(folder, double.Parse(args[1], CultureInfo.InvariantCulture));
return ReportCounts(folder) && isCovered ? 0 : 1;

static bool ReportCoverage(string folder, double minimalPercent)
{
    var lines = Files(folder, "*.cobertura.xml")
        .SelectMany(CoveredLines)
        .ToLookup(line => line.Place, line => line.IsHit);
    var hit = lines.Count(line => line.Any(isHit => isHit));
    var percent = 100.0 * hit / Math.Max(1, lines.Count);
    foreach (
        var file in lines.GroupBy(line => line.Key.File).Where(file => !file.All(line => line.Any(isHit => isHit)))
    )
    {
        var missed = file.Count(line => !line.Any(isHit => isHit));
        Console.WriteLine($"  {missed, 4} of {file.Count(), 4} lines not covered: {file.Key}");
    }
    Console.WriteLine(
        Invariant($"Line coverage of src: {percent:0.0}% ({hit} of {lines.Count}), at least {minimalPercent}% wanted")
    );
    return percent >= minimalPercent;
}

static IEnumerable<((string File, int Number) Place, bool IsHit)> CoveredLines(XDocument report)
{
    var root = Directory.GetCurrentDirectory();
    var source = report.Descendants("source").FirstOrDefault()?.Value ?? "";
    foreach (var type in report.Descendants("class"))
    {
        var file = Path.GetRelativePath(root, Path.Combine(source, (string)type.Attribute("filename")!));
        if (!file.StartsWith("src/", StringComparison.Ordinal) || file.Contains("/obj/", StringComparison.Ordinal))
        {
            continue; // not ours, or generated
        }
        foreach (var line in type.Descendants("line"))
        {
            yield return ((file, (int)line.Attribute("number")!), (long)line.Attribute("hits")! > 0);
        }
    }
}

static bool ReportCounts(string folder)
{
    var counters = Files(folder, "*.trx")
        .Select(report => report.Descendants().Single(node => node.Name.LocalName == "Counters"))
        .ToList();
    int Sum(string name) => counters.Sum(counter => (int)counter.Attribute(name)!);
    var (passed, executed, total) = (Sum("passed"), Sum("executed"), Sum("total"));
    Console.WriteLine($"{passed} passed, {executed - passed} failed, {total - executed} skipped");
    return passed > 0 && executed == passed;
}

static IEnumerable<XDocument> Files(string folder, string pattern) =>
    Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Select(XDocument.Load);

static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
