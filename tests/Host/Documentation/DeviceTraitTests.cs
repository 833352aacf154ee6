using System.Text.RegularExpressions;
using ILGpuMobileNet.Reference;

namespace ILGpuMobileNet.Host.Tests.Documentation;

/// <summary>What <c>./test</c> runs on ILGPU's packages too is told by a trait, so that no class may lack it.</summary>
public sealed partial class DeviceTraitTests
{
    private const string Trait = """[Trait("Device", "ilgpu")]""";

    public static TheoryData<string> Classes =>
        [
            .. Directory
                .EnumerateFiles(Repository.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
                .Where(file => Accelerator.IsMatch(File.ReadAllText(file)))
                .Select(file => Path.GetRelativePath(Repository.Root, file))
                .Where(file => !OnTheEmulatorAlone.IsMatch(file))
                .Order(),
        ];

    [GeneratedRegex(
        """DeviceKind\.IlgpuCpu|ilgpu-cpu"|TestDevice\.|DeviceNames\b|GpuDevice\.Open|RunAsync\(.devices."""
    )]
    private static partial Regex Accelerator { get; }

    [GeneratedRegex("""^tests.Emulator|.Emulated.|.obj.|DeviceTraitTests""")]
    private static partial Regex OnTheEmulatorAlone { get; }

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_class_that_opens_an_accelerator_says_so(string file)
    {
        var lines = File.ReadAllLines(Repository.PathOf(file));
        var unmarked = lines
            .Index()
            .Where(line => line.Item.StartsWith("public sealed", StringComparison.Ordinal))
            .Where(line => !lines[..line.Index].Reverse().TakeWhile(IsAttribute).Contains(Trait));

        Assert.True(!unmarked.Any(), $"{file} opens an accelerator: give its class {Trait} (CONTRIBUTING.md).");
    }

    private static bool IsAttribute(string line) => line.StartsWith('[');
}
