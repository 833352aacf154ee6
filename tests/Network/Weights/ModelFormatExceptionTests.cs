using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.Weights;

public class ModelFormatExceptionTests
{
    [Fact]
    public void A_long_name_is_cut_off_and_its_length_said()
    {
        var name = new string('n', 5_000_000);
        var fault = new ModelFormatException("x", $"tensor '{name}' is PyTorch's, not 'b'.", $"Leave '{name}' out.");
        var start = $"{name[..200]}... (5,000,000 characters)";
        Assert.Equal($"x: tensor '{start}' is PyTorch's, not 'b'. Leave '{start}' out.", fault.Message);
    }

    [Theory]
    [InlineData("a 'b", "tensor '{0}' is damaged.")]
    [InlineData("a/", "tensor '{0}' and '{0}' are damaged.")]
    [InlineData("it's", "{0} ('{0}') is damaged.")]
    [InlineData("", "'{0}' is Paddle's.")]
    public void Short_names_are_shown_whole(string name, string fault)
    {
        var text = string.Format(null, fault, name);
        Assert.Equal($"x: {text} Remedy.", new ModelFormatException("x", text, "Remedy.").Message);
    }

    [Fact]
    public void Two_hundred_tensors_are_named()
    {
        var names = Enumerable
            .Range(0, 200)
            .Select(i => $"missing 'backbone.features.{i}.block.0.1.running_mean' [960]");
        var text = string.Join("; ", names);
        Assert.Equal($"x: {text} Remedy.", new ModelFormatException("x", text, "Remedy.").Message);
    }

    [Fact]
    public void The_length_of_a_message_is_bounded()
    {
        string[] faults =
        [
            new('n', 1_000_000),
            string.Concat(Enumerable.Repeat(" 'n", 1_000_000)),
            new('\'', 1_000_000),
        ];
        Assert.All(
            faults,
            text => Assert.InRange(new ModelFormatException("x", text, "Remedy.").Message.Length, 1, 41_000)
        );
    }

    [Fact]
    public void Characters_that_end_a_line_or_steer_a_terminal_are_shown_by_number() =>
        Assert.Equal(
            "x: 'a\\u000Ab\\u001B[1mc\\u2028d\\u0000' is damaged. Remedy.",
            new ModelFormatException("x", "'a\nb\u001B[1mc\u2028d\0' is damaged.", "Remedy.").Message
        );
}
