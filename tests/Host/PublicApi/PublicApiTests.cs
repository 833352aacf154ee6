using System.Reflection;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network;
using ILGpuMobileNet.Reference;
using Microsoft.Extensions.DependencyInjection;

namespace ILGpuMobileNet.Host.Tests.PublicApi;

public sealed class PublicApiTests
{
    private const string Approve = "MOBILENET_APPROVE_API";

    public static TheoryData<string, Type> Libraries =>
        new()
        {
            { "Kernels", typeof(FeatureShape) },
            { "Network", typeof(Model) },
            { "Host", typeof(Classifier) },
            { "DependencyInjection", typeof(MobileNetServiceCollectionExtensions) },
        };

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Is_what_was_approved(string library, Type member)
    {
        var file = Repository.PathOf("tests", "Host", "PublicApi", $"{library}.approved.txt");
        var actual = ApiText.Of(Assembly.GetAssembly(member)!);
        if (Environment.GetEnvironmentVariable(Approve) == "1")
        {
            File.WriteAllText(file, actual);
        }

        var approved = File.Exists(file) ? File.ReadAllText(file) : "";

        Assert.True(approved == actual, Difference(library, approved, actual));
    }

    private static string Difference(string library, string approved, string actual)
    {
        var (before, now) = (approved.Split('\n'), actual.Split('\n'));
        return $"The public API of {library} changed. If that is meant, run the tests with {Approve}=1 and commit "
            + $"{library}.approved.txt.\nNo longer there:\n{string.Join('\n', before.Except(now))}\n"
            + $"New:\n{string.Join('\n', now.Except(before))}";
    }
}
