namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>Sums of four neighbouring output pixels, each of four channels.</summary>
/// <param name="a">First pixel.</param>
/// <param name="b">Second pixel.</param>
/// <param name="c">Third pixel.</param>
/// <param name="d">Fourth pixel.</param>
internal readonly struct Strip(Float4 a, Float4 b, Float4 c, Float4 d)
{
    /// <summary>Pixels of a strip.</summary>
    public const int Length = 4;

    public readonly Float4 A = a;
    public readonly Float4 B = b;
    public readonly Float4 C = c;
    public readonly Float4 D = d;

    /// <summary>How many cover a row; the last one may reach beyond it.</summary>
    /// <param name="width">Pixels of the row.</param>
    public static int CountFor(int width) => (width - 1) / Length + 1;

    /// <summary>The same sum four times.</summary>
    /// <param name="value">The sum.</param>
    public static Strip Same(Float4 value) => new(value, value, value, value);

    /// <summary>Adds to every pixel its own channels times the same weights.</summary>
    /// <param name="inputs">Channels of the four pixels.</param>
    /// <param name="weight">Weights of the four channels.</param>
    public Strip Add(Strip inputs, Float4 weight) =>
        new(A.Add(inputs.A, weight), B.Add(inputs.B, weight), C.Add(inputs.C, weight), D.Add(inputs.D, weight));

    /// <summary>Adds to every pixel its own number times the same weights.</summary>
    /// <param name="inputs">One input channel of the four pixels.</param>
    /// <param name="weight">Its weights for the four output channels.</param>
    public Strip Add(Float4 inputs, Float4 weight) =>
        new(A.Add(weight, inputs.X), B.Add(weight, inputs.Y), C.Add(weight, inputs.Z), D.Add(weight, inputs.W));
}
