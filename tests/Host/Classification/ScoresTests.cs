namespace ILGpuMobileNet.Host.Tests.Classification;

public sealed class ScoresTests
{
    [Fact]
    public void Softmax_is_the_formula_in_double_precision()
    {
        var scores = Scores.Softmax([1, 2, 3]);
        var sum = Math.Exp(1) + Math.Exp(2) + Math.Exp(3);

        Assert.Equal(Math.Exp(1) / sum, scores[0], 15);
        Assert.Equal(Math.Exp(3) / sum, scores[2], 15);
        Assert.Equal(1, scores.Sum(), 15);
    }

    [Fact]
    public void Softmax_survives_logits_whose_exponentials_overflow()
    {
        var scores = Scores.Softmax([3e38f, 3e38f, -3e38f]);

        Assert.Equal([0.5, 0.5, 0], scores);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_is_no_number_is_named_with_its_place(float bad)
    {
        var fault = Assert.Throws<NotFiniteNumberException>(() => Scores.Softmax([0, 1, bad]));

        Assert.Contains("output 2", fault.Message, StringComparison.Ordinal);
        Assert.Throws<NotFiniteNumberException>(() => Scores.Finite([bad]));
    }

    [Fact]
    public void Of_equal_scores_the_lower_index_comes_first() =>
        Assert.Equal([3, 1, 2, 0], Scores.Largest([0.1, 0.2, 0.2, 0.5], 4));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(9, 3)]
    public void Lists_as_many_as_asked_for_and_there_are(int asked, int listed) =>
        Assert.Equal(listed, Scores.Largest([0.2, 0.3, 0.5], asked).Count);
}
