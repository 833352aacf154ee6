using System.Runtime.InteropServices;

namespace ILGpuMobileNet.Emulator.Tests.Portable;

/// <summary>Four floats that are loaded at once.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct Quad
{
    public float X;
    public float Y;
    public float Z;
    public float W;

    public Quad(float x, float y, float z, float w)
    {
        X = x;
        Y = y;
        Z = z;
        W = w;
    }

    public static Quad operator +(Quad a, Quad b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);

    public static Quad operator *(Quad a, float b) => new(a.X * b, a.Y * b, a.Z * b, a.W * b);
}
